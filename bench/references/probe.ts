import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded into a server before its own code (`--import`), where what is wanted can only be seen from inside. It answers
 * over the IPC channel and keeps nothing alive.
 */
export interface Reading {
  /** CPU time of the process so far, user and system. */
  cpuMs: number
  /** The most memory it ever had. */
  peakMB: number
  /** The heap after a collection, where --expose-gc was given. */
  heapMB: number
  /** The longest time that the event loop stood still since the last reading. */
  blockMs: number
}

/** The timer that watches the event loop comes this often; a delay is counted from there. Milliseconds. */
const resolution = 1

const delay = monitorEventLoopDelay({ resolution })
delay.enable()
process.on('message', () => {
  const collect: unknown = Reflect.get(globalThis, 'gc')
  const blockMs = Math.max(0, delay.max / 1e6 - resolution)
  if (typeof collect === 'function') collect()
  const { user, system } = process.cpuUsage()
  const reading: Reading = {
    cpuMs: (user + system) / 1000,
    peakMB: process.resourceUsage().maxRSS / 1024,
    heapMB: process.memoryUsage().heapUsed / 2 ** 20,
    blockMs,
  }
  delay.reset()
  process.send?.(reading)
})
process.channel?.unref()
