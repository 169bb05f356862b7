import { describe, expect, it } from 'vitest';
import { clockTicksType, parseAuxv, readAuxv, sysinfoEhdrType } from '../../../src/collect/process/auxv.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, start, value } from '../processes.ts';

describe('the auxiliary vector', () => {
  it('tells our own clock tick and vDSO', () => {
    const { bits, entries } = value(readAuxv('/proc/self'));
    expect(bits).toBe(64);
    expect(entries.get(clockTicksType)).toBe(100n);
    expect(entries.get(sysinfoEhdrType)).toBeGreaterThan(0n);
  });

  it('has words of 32 bits in a 32-bit program, without being told', async () => {
    skipUnlessRuns(['-m32']);
    const { pid } = await start(compile(temporaryDirectory(), 'wait', ['-m32']));
    const { bits, entries } = value(readAuxv(`/proc/${pid}`));
    expect(bits).toBe(32);
    expect(entries.get(sysinfoEhdrType)).toBeLessThan(0x1_0000_0000n);
    expect(entries.get(6)).toBe(4096n);
  });

  it('is not made out of other bytes', () => {
    expect(parseAuxv(Buffer.alloc(64))).toBeUndefined();
    expect(parseAuxv(Buffer.alloc(64, 0xff))).toBeUndefined();
    expect(parseAuxv(Buffer.from('short'))).toBeUndefined();
  });
});
