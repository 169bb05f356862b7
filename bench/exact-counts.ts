import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Report } from '../src/model/report.ts';
import { type Count, countManyWays, countWorkload, startWaiting } from './exact-counts/count-workload.ts';
import type { Benchmark, Outcome, Row } from './rig/benchmark.ts';
import { vdsotop } from './rig/paths.ts';
import { startPerfStat } from './rig/perf-stat.ts';
import { startScreen } from './rig/screen.ts';

const mostDeviation = 0.001;
const run = promisify(execFile);

interface Case {
  readonly what: string;
  readonly count: () => Promise<Count>;
}

const workload = (args: string, ms = 1_000, besidePerf = true) => {
  return () => countWorkload(args.split(' '), ms, besidePerf);
};

/** Each thread's rate is a whole number, so 500 of them begin at 500 a second. */
const cases: readonly Case[] = [
  { what: '10 a second, 1 thread', count: workload('--rate 10', 2_000) },
  { what: '1,000 a second, 1 thread', count: workload('--rate 1000') },
  { what: '100,000 a second, 1 thread', count: workload('--rate 100000') },
  { what: 'as fast as 1 thread can', count: workload('--rate hot') },
  { what: 'as fast as 2 threads can', count: workload('--rate hot --threads 2') },
  { what: 'as fast as 2 threads can, without perf stat', count: workload('--rate hot --threads 2', 1_000, false) },
  { what: '1,000 a second, 500 threads', count: workload('--rate 2 --threads 500', 2_000) },
  { what: '100,000 a second, 500 threads', count: workload('--rate 200 --threads 500') },
  { what: 'as fast as 500 threads can', count: workload('--rate hot --threads 500') },
  { what: 'a new thread for every 5,000 calls, 200 times', count: () => countManyWays('threads', 5_000, {}) },
  {
    what: 'children that fork and start threads, counted too',
    count: () => countManyWays('forks', 5_000, { children: true }),
  },
  { what: 'an exec from a second thread', count: () => countManyWays('exec', 100_000, {}) },
  { what: 'from inside a PID namespace, as fast as 1 thread can', count: countInNamespace },
];

export const exactCounts: Benchmark = {
  name: 'exact-counts',
  title: 'Every clock system call is counted, once',
  async run({ quick, progress }) {
    const repeats = quick ? 1 : 3;
    const counts = new Map<string, Count[]>();
    for (const { what, count } of cases) {
      counts.set(what, []);
      for (let repeat = 0; repeat < repeats; repeat += 1) counts.get(what)?.push(await count());
      progress(`${what}: ${describe(counts.get(what)?.at(-1))}`);
    }
    const throughReport = await countThroughReport();
    progress(`through the report: ${describe(throughReport)}`);
    const bystander = await countBystander();
    progress(`bystander: ${describe(bystander)}`);
    return outcome(counts, throughReport, bystander, repeats);
  },
};

async function countInNamespace(): Promise<Count> {
  const program = join(import.meta.dirname, 'exact-counts/inside-namespace.ts');
  const { stdout } = await run('unshare', ['--pid', '--fork', '--mount-proc', process.execPath, program]);
  return JSON.parse(stdout);
}

/** Long enough to attach before the workload begins, and for the workload to end before the report does. */
const attachMs = 1_500;
const reportSeconds = 4;
const callsPerThread = 1_000_000;

/** The whole program from its command line to its JSON; `perf` has no account of this one. */
async function countThroughReport(): Promise<Count> {
  const program = await startWaiting(`--path inline --rate hot --threads 2 --count ${callsPerThread}`.split(' '));
  const watching = run(vdsotop, ['report', '-p', String(program.pid), '--json', '--duration', `${reportSeconds}s`]);
  await sleep(attachMs);
  program.process.kill('SIGUSR1');
  const report: Report = JSON.parse((await watching).stdout);
  await program.end();
  const { kernelEntries } = report.clocks.find(({ name }) => name === 'MONOTONIC') ?? {};
  const counted = typeof kernelEntries === 'number' ? kernelEntries : Number.NaN;
  return { made: 2 * callsPerThread, counted, perf: undefined, seconds: report.window.seconds };
}

/** What somebody else's `perf stat` counts of another process while vdsotop watches a hot one. */
async function countBystander(): Promise<Count> {
  const target = await startWaiting(['--path', 'inline', '--rate', 'hot']);
  const other = await startWaiting(['--path', 'inline', '--rate', 'hot']);
  const screen = startScreen(vdsotop, ['-p', String(target.pid)]);
  await screen.shows(/LIVE/);
  const perf = await startPerfStat(other.pid);
  const startedMs = performance.now();
  for (const program of [target, other]) program.process.kill('SIGUSR1');
  await sleep(1_000);
  other.process.kill('SIGTERM');
  const { reads } = JSON.parse(await other.line()) as { readonly reads: number };
  const seconds = (performance.now() - startedMs) / 1_000;
  const counted = await perf.finish();
  screen.send('q');
  await screen.ended;
  await target.end();
  await other.end();
  return { made: reads, counted, perf: undefined, seconds };
}

const deviation = ({ made, counted }: Count) => counted / made - 1;
const worst = (counts: readonly Count[]) => Math.max(...counts.map((count) => Math.abs(deviation(count))));
const whole = (value: number) => Math.round(value).toLocaleString('en-US');

function describe(count: Count | undefined): string {
  if (count === undefined) return 'not measured';
  const { made, counted, perf } = count;
  return `made ${whole(made)}, counted ${whole(counted)}${perf === undefined ? '' : `, perf stat ${whole(perf)}`}`;
}

function outcome(
  counts: ReadonlyMap<string, readonly Count[]>,
  report: Count,
  bystander: Count,
  repeats: number,
): Outcome {
  const hottest = Math.max(...[...counts.values()].flat().map(({ made, seconds }) => made / seconds));
  return {
    how: [
      `A program that knows how many clock system calls it makes sleeps until vdsotop's counter and a \`perf stat -e syscalls:sys_enter_clock_gettime\` are open, then makes them; each case ${repeats === 1 ? 'once' : `${repeats} times`}. Programs: test/programs/workload.c and enter-in-many-ways.c.`,
      'Through the report: `vdsotop report --json`, the whole program, on two hot threads. The bystander: a `perf stat` on another hot process while `vdsotop -p` watches a hot one.',
    ],
    rows: [
      ...[...counts].map(([what, list]) => caseRow(what, list)),
      singleRow('through the report, as fast as 2 threads can', report, 'by vdsotop report'),
      singleRow("a bystander's perf stat on another process", bystander, 'by that perf stat'),
    ],
    notes: [`The hottest rate reached here while counted: ${whole(hottest)} calls a second.`],
    raw: Object.fromEntries([
      ...[...counts].flatMap(([what, list]) => [
        [`${what}: made`, list.map(({ made }) => made)],
        [`${what}: counted`, list.map(({ counted }) => counted)],
        [`${what}: perf stat`, list.flatMap(({ perf }) => perf ?? [])],
      ]),
      ['through the report: made, counted', [report.made, report.counted]],
      ['bystander: made, counted by perf stat', [bystander.made, bystander.counted]],
    ]),
  };
}

function caseRow(what: string, counts: readonly Count[]): Row {
  const last = counts.at(-1);
  const rate = counts.reduce((sum, { made, seconds }) => sum + made / seconds, 0) / counts.length;
  const theirs = counts.flatMap(({ made, perf }) => (perf === undefined ? [] : [Math.abs(perf / made - 1)]));
  return {
    what: `${what} (${whole(rate)}/s)`,
    figure: `off by ${percent(worst(counts))}`,
    spread: `worst of ${counts.length}; the last: made ${whole(last?.made ?? Number.NaN)}, counted ${whole(last?.counted ?? Number.NaN)}`,
    peer: theirs.length === 0 ? '' : `perf stat, off by ${percent(Math.max(...theirs))}`,
    bound: `≤ ${percent(mostDeviation)}`,
    met: worst(counts) <= mostDeviation,
  };
}

function singleRow(what: string, count: Count, by: string): Row {
  return {
    what,
    figure: `off by ${percent(worst([count]))}`,
    spread: `made ${whole(count.made)}, counted ${by} ${whole(count.counted)}`,
    peer: '',
    bound: `≤ ${percent(mostDeviation)}`,
    met: worst([count]) <= mostDeviation,
  };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
