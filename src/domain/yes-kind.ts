/**
 * The kinds of yes to a write, from the weakest: the caller's own, that of a person in the client, that of a person with
 * another right.
 */
export const yesKinds = ['ticket', 'form', 'approval'] as const

export type YesKind = (typeof yesKinds)[number]
