import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { countWindowOf } from '../../../src/collect/calls/count-window.ts';
import { endWindows } from '../../../src/collect/calls/ended-windows.ts';
import { openThreadCalls } from '../../../src/collect/calls/thread-calls.ts';
import { vdsoPlan } from '../../../src/collect/calls/vdso-plan.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { buildProgram } from '../../programs/build.ts';
import { start, value } from '../processes.ts';
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

function perfEvents(): readonly number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => nameOf(fd) === 'anon_inode:[perf_event]');
}

function nameOf(fd: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
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
