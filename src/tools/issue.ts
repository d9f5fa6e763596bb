import type * as z from 'zod'

/**
 * What is wrong with an argument, as a sentence that stands for itself. The messages of all other checks are what was
 * expected, e.g. `three digits`, and are put into a sentence by whoever shows them.
 */
export function addSentence(context: z.RefinementCtx, path: PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path, message, params: wholeSentence })
}

export const wholeSentence = { wholeSentence: true }
