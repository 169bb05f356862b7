import { expect, it } from 'vitest';
import { monotonicOffsetNs } from '../../../src/collect/process/monotonic-offset.ts';
import { buildProgram } from '../../programs/build.ts';
import { skipUnless } from '../../skip-unless.ts';
import { start } from '../processes.ts';

it('is of the time namespace that a process is in, and not of the one that its children are born into', async () => {
  const program = await start(buildProgram('time-for-children'));
  const child = Number(await program.line());
  skipUnless(child !== 0, 'this host lets nobody have a time namespace');
  expect(monotonicOffsetNs(`/proc/${program.pid}`)).toBe(0n);
  expect(monotonicOffsetNs(`/proc/${child}`)).toBe(1_000_000_000_000n);
  await program.end();
});

it('is nothing for a process of which no namespace can be seen', () => {
  expect(monotonicOffsetNs('/proc/0')).toBe(0n);
});
