import type { Terminal } from '../../terminal/terminal.ts'
import { printText } from '../../terminal/wrap.ts'

/** What a person said to a form. */
type TypedAnswer = { action: 'accept'; content: Record<string, string> } | { action: 'decline' }

/** A form with one field. */
interface OneField {
  message: string
  /** The name of its field, and what a person is told to write there. */
  field: string
  title: string
}

export type AskForm = (form: OneField) => Promise<TypedAnswer>

/** Shows forms at a terminal, beside the answer; undefined where nobody sits there. An empty answer is a no. */
export function askAtTerminal({ ask, print, width }: Terminal): AskForm | undefined {
  if (ask === undefined) return undefined
  return async ({ message, field, title }) => {
    for (const line of message.split('\n')) printText(line, { print, width }, '  ')
    const typed = await ask(`${title} (nothing is a no): `)
    return typed?.trim() ? { action: 'accept', content: { [field]: typed.trim() } } : { action: 'decline' }
  }
}
