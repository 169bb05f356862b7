import { expect, it } from 'vitest';
import { shareFileName } from '../../../src/capsule/picture/share-file-name.ts';

const about = { pid: 4711, comm: 'checkout-api', clock: 'MONOTONIC', at: '2026-11-28T03:12:44.123Z' };

it('says who, which clock, and when', () => {
  expect(shareFileName(about)).toBe('vdsotop-checkout-api-4711-MONOTONIC-20261128T031244Z');
  expect(shareFileName({ ...about, clock: 'gettimeofday()' })).toContain('-4711-gettimeofday-2026');
});

it.each([
  ['../../etc/passwd', 'etc_passwd'],
  ['-rf *', 'rf'],
  ['a\u001b]0;x\u0007b\nc', 'a_0_x_b_c'],
  ['.hidden', 'hidden'],
  ['日本語', ''],
  ['', ''],
  ['x'.repeat(400), 'x'.repeat(32)],
])('cleans a process that calls itself %j', (comm, left) => {
  const name = shareFileName({ ...about, comm });
  expect(name).toBe(`vdsotop-${left}${left === '' ? '' : '-'}4711-MONOTONIC-20261128T031244Z`);
});

it('does without a name that may not be read', () => {
  const comm = { unavailable: 'denied', detail: 'EACCES' } as const;
  expect(shareFileName({ pid: 1, comm, at: about.at })).toBe('vdsotop-1-20261128T031244Z');
});
