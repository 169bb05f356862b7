import { describe, expect, it } from 'vitest';
import { kernelFailure } from '../../../lab/rig/kernel-failure.ts';

describe('what a guest says', () => {
  it('before its kernel failed is told by the line of the failure', () => {
    // The console of a guest of the lab, Debian 6.12.118-1 on emulated arm64, 2026-11-29.
    const console = [
      '@@lab begin 6.12-arm64/arm64/glibc\r',
      '[   15.287113] Internal error: Oops: 0000000096000004 [#1] SMP\r',
      '[   15.297006] pc : perf_ctx_sched_task_cb+0x1c/0xb8\r',
    ].join('\n');
    expect(kernelFailure(console)).toBe('Internal error: Oops: 0000000096000004 [#1] SMP');
  });

  it.each([
    [
      '[    3.1] Kernel panic - not syncing: Attempted to kill init!',
      'Kernel panic - not syncing: Attempted to kill init!',
    ],
    ['[    3.1] BUG: unable to handle page fault for address: 0', 'BUG: unable to handle page fault for address: 0'],
  ])('%s', (line, failure) => expect(kernelFailure(line)).toBe(failure));

  it('without a failure has none', () => {
    expect(
      kernelFailure('@@lab begin x\r\n[    1.0] clocksource: tsc: mask\r\nOops, said a program\r\n'),
    ).toBeUndefined();
  });
});
