// Draws packaging/icon.png, the keys of a telephone: `node scripts/icon.mjs`.
import { writeFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'

const side = 512
const ground = [16, 64, 59]
const key = [233, 245, 238]
const zero = [244, 183, 64]

/** The middle of each key, its radius and its colour; the lowest row has one key. */
const keys = [0, 1, 2, 3].flatMap((row) =>
  [0, 1, 2].flatMap((column) =>
    row === 3 && column !== 1
      ? []
      : [{ x: 146 + 110 * column, y: 92 + 109 * row, radius: 34, colour: row === 3 ? zero : key }],
  ),
)

const rows = Buffer.alloc(side * (1 + side * 4))
for (let y = 0; y < side; y++) {
  for (let x = 0; x < side; x++) rows.set(pixel(x + 0.5, y + 0.5), y * (1 + side * 4) + 1 + x * 4)
}
const header = Buffer.alloc(13)
header.writeUInt32BE(side, 0)
header.writeUInt32BE(side, 4)
// Eight bits a channel, red, green, blue and alpha.
header.set([8, 6], 8)
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]
writeFileSync(new URL('../packaging/icon.png', import.meta.url), Buffer.concat([signature, ...chunks]))

/** Red, green, blue and alpha of one point, its edges smoothed over one pixel. */
function pixel(x, y) {
  const round = 112
  const dx = Math.max(round - x, x - (side - round), 0)
  const dy = Math.max(round - y, y - (side - round), 0)
  const alpha = covered(Math.hypot(dx, dy), round)
  const { radius, colour, distance } = keys
    .map((one) => ({ ...one, distance: Math.hypot(x - one.x, y - one.y) }))
    .reduce((nearest, one) => (one.distance < nearest.distance ? one : nearest))
  const share = covered(distance, radius)
  return [
    ...ground.map((from, channel) => Math.round(from + (colour[channel] - from) * share)),
    Math.round(alpha * 255),
  ]
}

function covered(distance, radius) {
  return Math.min(1, Math.max(0, radius - distance + 0.5))
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  whole.set(body, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
