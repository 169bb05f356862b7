import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { countWindowOf } from '../../../src/collect/calls/count-window.ts';
import { endWindows } from '../../../src/collect/calls/ended-windows.ts';
import { openThreadCalls } from '../../../src/collect/calls/thread-calls.ts';
import { vdsoPlan } from '../../../src/collect/calls/vdso-plan.ts';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { ownFiles } from '../../own-files.ts';
import { buildProgram } from '../../programs/build.ts';
import { collector, start, until, value } from '../processes.ts';
import { skipWithoutBreakpoints } from './skip-without-breakpoints.ts';

beforeEach(skipWithoutBreakpoints);

it.each([
  ['all counts can be read', false],
  ['a count cannot be read', true],
])('a window in which %s is one, and no other', async (_, isBroken) => {
  const program = await start(buildProgram('workload'), ['--rate', '2000']);
  const { base, symbols } = value(collectTarget(program.pid).vdso).image;
  const plan = vdsoPlan({ base, symbols });
  if (plan === undefined) throw new Error('this vDSO has none of the functions');
  const calls = openThreadCalls(plan.plan, program.pid);
  if (typeof calls === 'number') throw new Error(`answered ${calls}`);
  const none = perfEvents();
  expect(
    calls.arm(
      plan.functions.map(() => 1_000_000),
      plan.functions.map(() => 1),
    ),
  ).toBeGreaterThan(0);
  const event = Math.min(...perfEvents().filter((fd) => !none.includes(fd)));
  if (isBroken) replaceByNothing(event);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const { windows } = endWindows(
    [{ tid: program.pid, calls, functions: plan.functions }],
    () => true,
    countWindowOf,
    () => {},
  );
  expect(windows).toHaveLength(isBroken ? 0 : 1);
  calls.close();
  await program.end();
});

/** By a vdsotop of that time namespace: how long its breakpoint stood, and when its four hits were used up. */
const windowSource = (pid: number, tid: number) => `
  import { endWindows } from '${collector('calls/ended-windows')}';
  import { fastWindowOf } from '${collector('calls/fast-window')}';
  import { openThreadCalls } from '${collector('calls/thread-calls')}';
  import { vdsoPlan } from '${collector('calls/vdso-plan')}';
  import { collectTarget } from '${collector('process/target')}';
  const { base, symbols } = collectTarget(${pid}).vdso.value.image;
  const { plan, functions } = vdsoPlan({ base, symbols });
  const calls = openThreadCalls(plan, ${tid});
  calls.arm(functions.map(() => 1), functions.map(() => 4));
  await new Promise((resolve) => setTimeout(resolve, 40));
  const armed = [{ tid: ${tid}, calls, functions }];
  const { windows, looks } = endWindows(armed, () => true, fastWindowOf, () => {});
  calls.close();
  console.log(JSON.stringify({ window: windows[0], looked: looks[0].find(({ hits }) => hits > 0) }));
`;

it.each([
  ['that of the host', 0],
  ['another, ahead by a day', 86_400],
  ['another, behind', -20],
])('times are those of the samples, whatever the time namespace of vdsotop: %s', async (_, offset) => {
  const program = await start(buildProgram('workload'), ['--rate', '1000']);
  await until(() => listThreads(program.pid).length > 1);
  const reader = listThreads(program.pid).find((tid) => tid !== program.pid) ?? program.pid;
  const inside = ['-T', '--monotonic', String(offset), process.execPath, '--input-type=module-typescript', '-e'];
  const output = execFileSync('unshare', [...inside, windowSource(program.pid, reader)], { encoding: 'utf8' });
  const { window, looked } = JSON.parse(output);
  const [used] = window.functions.filter(({ fn }: { fn: string }) => fn === 'clock_gettime');
  expect(used.hits).toEqual([{ slot: 1, count: 4 }]);
  expect(used.usedUpAfterMs).toBeGreaterThan(0);
  expect(used.usedUpAfterMs).toBeLessThan(window.armedMs);
  expect(looked.ms).toBeCloseTo(used.usedUpAfterMs, 6);
  await program.end();
});

function perfEvents(): readonly number[] {
  return ownFiles()
    .filter(({ link }) => link === 'anon_inode:[perf_event]')
    .map(({ fd }) => fd);
}

/** Puts a file without a byte in the place of a descriptor, whose number nobody else is given meanwhile. */
function replaceByNothing(fd: number): void {
  closeSync(fd);
  const others: number[] = [];
  for (let opened = openSync('/dev/null', 'r'); opened !== fd; opened = openSync('/dev/null', 'r')) {
    others.push(opened);
    if (others.length > 1_000) throw new Error(`${fd} is not given again`);
  }
  for (const other of others) closeSync(other);
}
