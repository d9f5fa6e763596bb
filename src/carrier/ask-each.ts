/**
 * Asks about each number at once (the carrier bounds how many are in flight), and answers in the order asked. The first
 * failure ends the other questions and is thrown: a thousand of them do not go on for nobody.
 *
 * @param signal ends all of them
 */
export async function askEach<Answered>(
  tns: readonly string[],
  signal: AbortSignal | undefined,
  ask: (tn: string, signal: AbortSignal) => Promise<Answered>,
): Promise<Answered[]> {
  const failed = new AbortController()
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  try {
    return await Promise.all(tns.map((tn) => ask(tn, either)))
  } catch (error) {
    failed.abort()
    throw error
  }
}
