import type { Benchmark, Outcome, Row } from './rig/benchmark.ts';
import { formatNumber, formatRange } from './rig/format.ts';
import { mean, median, medianAndRange, shuffled } from './rig/statistics.ts';
import { type LoopedCall, startTimedLoop, type TimedLoop } from './rig/timed-loop.ts';
import { startWatcher, type WatcherName, watcherCommands } from './rig/watchers.ts';

/** What is run in each state, on the watched process and on another. */
const loads = [
  { whose: 'target', call: 'syscall', ms: 400, title: 'one clock syscall of the target' },
  { whose: 'target', call: 'getppid', ms: 200, title: 'one getppid() of the target' },
  { whose: 'bystander', call: 'syscall', ms: 200, title: 'one clock syscall of another process' },
  { whose: 'bystander', call: 'getppid', ms: 200, title: 'one getppid() of another process' },
] as const satisfies readonly { whose: keyof Loops; call: LoopedCall; ms: number; title: string }[];

const watcherNames = ['vdsotop', 'bpftrace', 'perf trace'] as const satisfies readonly WatcherName[];
const loopCpu = 1;

interface Loops {
  readonly target: TimedLoop;
  readonly bystander: TimedLoop;
}

/** Nanoseconds a call, in the order of `loads`. */
type Prices = readonly number[];

/** One tool in one round: prices while it counts, and with nothing attached just before and just after. */
interface Visit {
  readonly alone: Prices;
  readonly watched: Prices;
  readonly saysAddedNs: number | undefined;
}

type Rounds = Readonly<Record<WatcherName, readonly Visit[]>>;

export const observerEffect: Benchmark = {
  name: 'observer-effect',
  title: 'What being counted costs a hot loop of raw clock syscalls',
  async run({ quick, progress }) {
    const loops = { target: await startTimedLoop({ cpu: loopCpu }), bystander: await startTimedLoop({ cpu: loopCpu }) };
    const visits: Record<WatcherName, Visit[]> = { vdsotop: [], bpftrace: [], 'perf trace': [] };
    const rounds = quick ? 3 : 12;
    for (let round = 1; round <= rounds; round += 1) {
      for (const name of shuffled(watcherNames)) visits[name].push(await visit(name, loops));
      progress(`round ${round} of ${rounds}: ${watcherNames.map((name) => lastAdded(visits[name], name)).join(', ')}`);
    }
    await loops.target.end();
    await loops.bystander.end();
    return outcome(visits, rounds);
  },
};

async function visit(name: WatcherName, loops: Loops): Promise<Visit> {
  const before = await priceLoads(loops);
  const watcher = await startWatcher(name, loops.target.pid);
  const watched = await priceLoads(loops);
  await watcher.stop();
  const after = await priceLoads(loops);
  return {
    alone: before.map((price, index) => mean([price, after[index] ?? price])),
    watched,
    saysAddedNs: watcher.saysAddedNs,
  };
}

async function priceLoads(loops: Loops): Promise<Prices> {
  const prices: number[] = [];
  for (const { whose, call, ms } of loads) prices.push((await loops[whose].runFor(ms, call)).perCallNs);
  return prices;
}

/** What each round found that the tool adds to one call of that load. */
function added(visits: readonly Visit[], load: number): readonly number[] {
  return visits.map(({ alone, watched }) => (watched[load] ?? Number.NaN) - (alone[load] ?? Number.NaN));
}

function lastAdded(visits: readonly Visit[], name: string): string {
  return `${name} +${formatNumber(added(visits, 0).at(-1) ?? Number.NaN)} ns`;
}

function outcome(rounds: Rounds, count: number): Outcome {
  const own = added(rounds.vdsotop, 0);
  const ratioTo = (peer: WatcherName) => {
    const theirs = added(rounds[peer], 0);
    return own.map((ns, round) => ns / (theirs[round] ?? Number.NaN));
  };
  return {
    how: [
      `A loop of syscall(SYS_clock_gettime, CLOCK_MONOTONIC) in one thread, kept on CPU ${loopCpu}, is timed for ${loads[0].ms} ms alone, under each tool, and alone again; the tools take turns in random order in ${count} rounds.`,
      'Added nanoseconds are the price under the tool less the mean of the two prices alone beside it. Each tool is asked at its end whether it has seen the calls.',
      `The tools: ${watcherNames.map((name) => `\`${watcherCommands[name]}\``).join(', ')}.`,
    ],
    rows: [
      ...boundRows(ratioTo, count),
      ...saidRows(rounds.vdsotop),
      ...watcherNames.map((name) => addedRow(name, rounds[name], 0)),
      ...[1, 2, 3].flatMap((load) => watcherNames.map((name) => addedRow(name, rounds[name], load))),
    ],
    notes: [
      'Any tool on a tracepoint of system calls makes every system call of every process take the slower way into the kernel, and every clock call of every process runs its filter: the lines about others state that.',
    ],
    raw: rawFigures(rounds),
  };
}

function boundRows(ratioTo: (peer: WatcherName) => readonly number[], count: number): readonly Row[] {
  const bounds = [
    { peer: 'bpftrace', most: 0.75 },
    { peer: 'perf trace', most: 0.01 },
  ] as const;
  return bounds.map(({ peer, most }) => {
    const ratios = medianAndRange(ratioTo(peer));
    return {
      what: `added by vdsotop ÷ added by ${peer}`,
      figure: `${formatNumber(ratios.value)}×`,
      spread: formatRange(ratios, '×', count),
      peer,
      bound: `≤ ${most}`,
      met: ratios.value <= most,
    };
  });
}

/** vdsotop shows what it costs: the figure is held against the one measured here. */
function saidRows(visits: readonly Visit[]): readonly Row[] {
  const said = visits.flatMap(({ saysAddedNs }) => saysAddedNs ?? []);
  if (said.length === 0) return [];
  const range = medianAndRange(said);
  return [
    {
      what: 'what vdsotop says on its screen that it adds',
      figure: `${formatNumber(range.value)} ns`,
      spread: formatRange(range, ' ns', said.length),
      peer: `measured here ${formatNumber(median(added(visits, 0)))} ns`,
      bound: '',
      met: undefined,
    },
  ];
}

function addedRow(name: WatcherName, visits: readonly Visit[], load: number): Row {
  const ns = added(visits, load);
  const range = medianAndRange(ns);
  return {
    what: `added by ${name} to ${loads[load]?.title}`,
    figure: `${formatNumber(range.value)} ns`,
    spread: formatRange(range, ' ns', ns.length),
    peer: `alone ${formatNumber(median(visits.map(({ alone }) => alone[load] ?? Number.NaN)))} ns`,
    bound: '',
    met: undefined,
  };
}

function rawFigures(rounds: Rounds): Outcome['raw'] {
  return Object.fromEntries([
    ['what vdsotop says that it adds, ns', rounds.vdsotop.flatMap(({ saysAddedNs }) => saysAddedNs ?? [])],
    ...watcherNames.flatMap((name) =>
      loads.flatMap(({ whose, call }, load) => [
        [`${whose} ${call}, alone beside ${name}, ns`, rounds[name].map(({ alone }) => alone[load] ?? Number.NaN)],
        [`${whose} ${call}, under ${name}, ns`, rounds[name].map(({ watched }) => watched[load] ?? Number.NaN)],
      ]),
    ),
  ]);
}
