import { expect, test } from 'vitest'
import { isLoopback } from '../../src/domain/loopback.ts'

test.each(['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])('%s never leaves this machine', (host) => {
  expect(isLoopback(host)).toBe(true)
})

test.each([
  '',
  'localhost.example',
  '127.0.0.1.example',
  '127.0.0.1:8443',
  '128.0.0.1',
  '0127.0.0.1',
  'x127.0.0.1',
  '::2',
  '[::]',
  '/var/run/postgresql',
])('%s may leave it', (host) => {
  expect(isLoopback(host)).toBe(false)
})
