import { readFileSync } from 'node:fs';
import type { EntryTotals } from '../../src/model/entries.ts';
import type { Reading } from '../../src/model/reading.ts';
import { buildProgram } from '../programs/build.ts';
import { type Started, start, until, value } from './processes.ts';

/** Counts by 'function slot'. */
export type Tally = Readonly<Record<string, number>>;

export function tally(totals: Pick<EntryTotals, 'counts'>): Tally {
  return Object.fromEntries(totals.counts.map(({ fn, slot, count }) => [`${fn} ${slot}`, count]));
}

export function sum(counts: Tally): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** A workload that waits for `go`; `stop` ends it and gives the number of reads it made. */
export type Workload = Started & { go(): void; stop(): Promise<number> };

/** The workload, waiting for `go`. */
export function startWorkload(...args: readonly string[]): Promise<Workload> {
  return startWorkloadBuilt([], ...args);
}

/** The same, compiled with these flags. */
export async function startWorkloadBuilt(flags: readonly string[], ...args: readonly string[]): Promise<Workload> {
  const program = await start(buildProgram('workload', flags), ['--wait', ...args]);
  await until(() => isWaiting(program.pid));
  return {
    ...program,
    go: () => void program.child.kill('SIGUSR1'),
    /** Ends it; the number of reads it made, by its own count. */
    async stop() {
      program.child.kill('SIGTERM');
      return Number(JSON.parse(await program.line()).reads);
    },
  };
}

/** Asleep in sigwait: before that, SIGUSR1 would end it. */
function isWaiting(pid: number): boolean {
  return /^State:\s*S/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
}

/** Runs enter-in-many-ways to its "end" once `arm` was called with its pid; its own counts, and those of its children. */
export async function enterInManyWays(
  action: string,
  times: number,
  arm: (pid: number) => void,
  flags: readonly string[] = [],
) {
  const program = await start(buildProgram('enter-in-many-ways', flags), [action, String(times)]);
  await program.line();
  arm(program.pid);
  program.child.stdin?.write('go\n');
  const counts = { own: {} as Record<string, number>, child: {} as Record<string, number> };
  for (let line = await program.line(); line !== 'end'; line = await program.line()) {
    const [whose, fn, slot, count] = line.split(' ');
    const into = counts[whose === 'own' ? 'own' : 'child'];
    into[`${fn} ${slot}`] = (into[`${fn} ${slot}`] ?? 0) + Number(count);
  }
  return { ...counts, program };
}

/** Reads until `count` entries are seen; throws when they do not come. */
export async function untilCounted(counter: { read(): Reading<EntryTotals> }, count: number): Promise<EntryTotals> {
  await until(() => sum(tally(value(counter.read()))) >= count);
  return value(counter.read());
}
