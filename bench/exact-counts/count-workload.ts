import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type KernelEntries,
  type KernelEntriesOptions,
  openKernelEntries,
} from '../../src/collect/entries/kernel-entries.ts';
import { buildProgram } from '../../test/programs/build.ts';
import { type Child, startChild } from '../rig/child.ts';
import { type PerfStat, startPerfStat } from '../rig/perf-stat.ts';

/** Clock system calls of one run, by three accounts. */
export interface Count {
  /** By the program that made them. */
  readonly made: number;
  /** By vdsotop's counter. */
  readonly counted: number;
  /** By `perf stat`, opened before the first of them; undefined where it was left out. */
  readonly perf: number | undefined;
  readonly seconds: number;
}

/** Counts test/programs/workload.c with these options, for so long; `besidePerf`: by perf stat too. */
export async function countWorkload(args: readonly string[], runMs: number, besidePerf = true): Promise<Count> {
  const program = await startWaiting(['--path', 'inline', ...args]);
  const { pid } = program;
  const counter = openKernelEntries({ pid });
  const perf = besidePerf ? await startPerfStat(pid) : undefined;
  const startedMs = performance.now();
  program.process.kill('SIGUSR1');
  await sleep(runMs);
  program.process.kill('SIGTERM');
  const { reads } = JSON.parse(await program.line()) as { readonly reads: number };
  const seconds = (performance.now() - startedMs) / 1_000;
  await program.end();
  return { made: reads, seconds, ...(await accounts(counter, perf)) };
}

/** The workload, asleep until SIGUSR1: before it sleeps, that signal would end it. */
export async function startWaiting(args: readonly string[]): Promise<Child> {
  const program = await startChild(buildProgram('workload'), ['--wait', ...args]);
  while (!/^State:\s*S/m.test(readFileSync(`/proc/${program.pid}/status`, 'latin1'))) await sleep(2);
  await sleep(20);
  return program;
}

/** Counts test/programs/enter-in-many-ways.c doing one of its things, its children's calls too where asked for. */
export async function countManyWays(action: string, times: number, options: KernelEntriesOptions): Promise<Count> {
  const program = await startChild(buildProgram('enter-in-many-ways'), [action, String(times)]);
  await program.line();
  const counter = openKernelEntries({ pid: program.pid }, options);
  const perf = await startPerfStat(program.pid);
  const startedMs = performance.now();
  let made = 0;
  for (let line = await program.ask('go'); line !== 'end'; line = await program.line()) {
    const [whose, , , count] = line.split(' ');
    if (whose === 'own' || options.children) made += Number(count);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  const counts = await accounts(counter, perf);
  await program.end();
  return { made, seconds, ...counts };
}

async function accounts(counter: KernelEntries, perf: PerfStat | undefined) {
  const reading = counter.read();
  counter.close();
  if ('unavailable' in reading) throw new Error(`nothing could be counted: ${reading.detail}`);
  if (!reading.value.exact) throw new Error(`the counter says that it is not exact: ${reading.value.caveat}`);
  const entries = reading.value.counts.filter(({ fn }) => fn === 'clock_gettime');
  return { counted: entries.reduce((sum, { count }) => sum + count, 0), perf: await perf?.finish() };
}
