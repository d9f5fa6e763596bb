/** Who may say yes to a write, from the weakest: the caller itself, a person in the client, a person with another right. */
export const yesKinds = ['ticket', 'form', 'approval'] as const

export type YesKind = (typeof yesKinds)[number]
