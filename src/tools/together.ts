import type { ReadContext } from './tool.ts'

/**
 * Asks about each number, as many at once as the carrier lets through, and answers in the order asked. The first failure
 * ends the others and is thrown: a list with holes would read as an answer.
 */
export async function together<Answer>(
  tns: readonly string[],
  { signal, progress }: Pick<ReadContext, 'signal' | 'progress'>,
  ask: (tn: string, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer[]> {
  const [only, ...others] = tns
  if (only !== undefined && others.length === 0) return [await ask(only, signal)]
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  let done = 0
  const one = async (tn: string): Promise<Answer> => {
    const answer = await ask(tn, either)
    done++
    progress(done, tns.length, `${done} of ${tns.length} numbers asked`)
    return answer
  }
  try {
    return await Promise.all(tns.map(one))
  } catch (error) {
    failed.abort()
    throw error
  }
}
