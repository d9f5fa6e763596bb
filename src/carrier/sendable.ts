/**
 * Why a text cannot be sent to the carrier as it is, as what follows its name (`must …`); undefined where it can. A text
 * between CDATA marks would go out unescaped (docs/decisions/answers-decoded-here.md), and control characters and
 * unpaired surrogates would make a document that nobody can read.
 */
export function unsendable(text: string): string | undefined {
  if (text.length > mostSent) return `must be at most ${mostSent} characters`
  if (text.includes('<![CDATA[') || text.includes(']]>')) return 'must not hold CDATA marks'
  return unreadable.test(text)
    ? 'must not hold control characters, unpaired surrogates or U+FFFE and U+FFFF'
    : undefined
}

const mostSent = 4096

const unreadable = /[\p{Cc}\p{Surrogate}\ufffe\uffff]/u
