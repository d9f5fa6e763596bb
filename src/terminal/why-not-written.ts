import { dirname } from 'node:path'

/** Why a file could not be written, for a person: the end of a sentence, with what to do where that is known. */
export function whyNotWritten(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no folder ${dirname(file)}.`
  return reasons[code] ?? error.message
}

const reasons: { readonly [code: string]: string } = {
  EACCES: 'this user may not write there.',
  EPERM: 'this user may not write there.',
  EROFS: 'this disk cannot be written to.',
  ENOSPC: 'the disk is full.',
  EDQUOT: 'the space that this user may take is used up.',
  EFBIG: 'the file grew larger than files may be there.',
  ENAMETOOLONG: 'its name is too long.',
  SQLITE_FULL: 'the disk is full.',
}
