import { describe, expect, it } from 'vitest';
import { bitsOf } from '../../../src/collect/process/bits-of.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { start } from '../processes.ts';

describe('the word size of a program', () => {
  it('is that of its file', async () => {
    expect(bitsOf(process.pid)).toBe(64);
    skipUnlessRuns(['-m32']);
    const program = await start(buildProgram('wait', ['-m32', '-static']));
    expect(bitsOf(program.pid)).toBe(32);
    await program.end();
  });

  it('is not known of a kernel thread, nor of a process that is gone', async () => {
    const program = await start(buildProgram('wait'));
    await program.end();
    expect(bitsOf(program.pid)).toBeUndefined();
    expect(bitsOf(2)).toBeUndefined();
  });
});
