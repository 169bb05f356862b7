import { expect, it } from 'vitest';
import { measurePerfTrace } from '../../src/session/perf-trace-beside.ts';
import { makeSnapshot } from '../analysis/snapshot-builder.ts';
import { start } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';

it('does not trace whoever has the pid of a target that has ended', async () => {
  const stranger = await start(buildProgram('workload'), ['--path', 'syscall', '--rate', '500']);
  const past = [{ ...makeSnapshot({}, 1), ended: true }];
  const beganMs = performance.now();
  const result = await measurePerfTrace(
    stranger.pid,
    2,
    async () => {},
    () => past,
  );
  expect(result).toEqual({ unavailable: 'absent', detail: 'the target has ended' });
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  await stranger.end();
});
