import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome, Row } from './rig/benchmark.ts';
import { formatNumber, formatRange } from './rig/format.ts';
import { vdsotop } from './rig/paths.ts';
import { cpuNsOfThreads, type Memory, memory } from './rig/process-cost.ts';
import { type Screen, startScreen } from './rig/screen.ts';
import { medianAndRange } from './rig/statistics.ts';

/** Live screens of system tools, each at the rate it has by itself. */
const tools = {
  vdsotop: { command: vdsotop, args: ['demo'], shown: /LIVE/, does: '`vdsotop demo` (its workload not counted in)' },
  htop: { command: 'htop', args: [], shown: /PID/, does: '`htop`' },
  btop: { command: 'btop', args: [], shown: /proc/, does: '`btop`' },
} as const;
type Tool = keyof typeof tools;
const names = Object.keys(tools) as readonly Tool[];

const mostCoreShare = 0.025;
const mostRssMiB = 115;
/** Just-in-time compilation and the first second's faster samples are not what runs all night. */
const warmUpMs = 6_000;
const stretchMs = 6_000;

interface Run {
  /** Part of one core, for each stretch. */
  readonly coreShares: readonly number[];
  readonly memory: Memory;
}

export const screenCost: Benchmark = {
  name: 'screen-cost',
  title: 'What the live screen costs at its default rate',
  async run({ quick, progress }) {
    const runs: Partial<Record<Tool, Run>> = {};
    for (const name of names) {
      const run = await watchTool(name, quick ? 2 : 10);
      runs[name] = run;
      progress(`${name} ${percent(total(run.coreShares))} of a core, ${formatNumber(run.memory.residentMiB)} MiB`);
    }
    return outcome(runs as Record<Tool, Run>);
  },
};

async function watchTool(name: Tool, stretches: number): Promise<Run> {
  const { command, args, shown } = tools[name];
  const screen = startScreen(command, args);
  await screen.shows(shown);
  await sleep(warmUpMs);
  const coreShares: number[] = [];
  for (let stretch = 0; stretch < stretches; stretch += 1) coreShares.push(await coreShare(screen.pid));
  const held = memory(screen.pid);
  await quit(screen);
  return { coreShares, memory: held };
}

async function coreShare(pid: number): Promise<number> {
  const startedMs = performance.now();
  const before = cpuNsOfThreads(pid);
  await sleep(stretchMs);
  return (cpuNsOfThreads(pid) - before) / 1e6 / (performance.now() - startedMs);
}

async function quit(screen: Screen): Promise<void> {
  screen.send('q');
  await Promise.race([screen.ended, sleep(3_000)]);
  screen.kill();
}

function outcome(runs: Record<Tool, Run>): Outcome {
  const { vdsotop: own, htop, btop } = runs;
  const seconds = (own.coreShares.length * stretchMs) / 1_000;
  return {
    how: [
      `Each tool runs at its default rate on a pseudo-terminal of 120 × 40 for ${seconds} s after ${warmUpMs / 1_000} s of warming up: ${names.map((name) => tools[name].does).join(', ')}. CPU time is that of /proc/PID/task/*/schedstat, in stretches of ${stretchMs / 1_000} s.`,
    ],
    rows: [
      shareRow('vdsotop', own, `htop ${percent(total(htop.coreShares))}, btop ${percent(total(btop.coreShares))}`),
      shareRow('htop', htop, ''),
      shareRow('btop', btop, ''),
      {
        what: 'memory held by vdsotop (RSS)',
        figure: `${formatNumber(own.memory.residentMiB)} MiB`,
        spread: `at most ${formatNumber(own.memory.peakMiB)} MiB since its start`,
        peer: `htop ${formatNumber(htop.memory.residentMiB)} MiB, btop ${formatNumber(btop.memory.residentMiB)} MiB`,
        bound: `≤ ${mostRssMiB} MiB`,
        met: own.memory.peakMiB <= mostRssMiB,
      },
    ],
    notes: [
      'htop repaints every 1.5 s and btop every 2 s; vdsotop samples every 0.5 s and repaints every 1.5 s, or up to every 3 s once it has taken more than 2 % of a core for ten seconds. htop and btop are C and C++ programs.',
    ],
    raw: Object.fromEntries(
      names.map((name) => [`${name}, % of a core`, runs[name].coreShares.map((share) => share * 100)]),
    ),
  };
}

/** The stretches are equally long. */
function total(coreShares: readonly number[]): number {
  return coreShares.reduce((sum, share) => sum + share, 0) / coreShares.length;
}

function percent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

function shareRow(name: Tool, { coreShares }: Run, peer: string): Row {
  const { low, high } = medianAndRange(coreShares);
  const bounded = name === 'vdsotop';
  return {
    what: `CPU of ${name}`,
    figure: `${percent(total(coreShares))} of a core`,
    spread: formatRange({ value: 0, low: low * 100, high: high * 100 }, ' %', coreShares.length),
    peer,
    bound: bounded ? `≤ ${percent(mostCoreShare)}` : '',
    met: bounded ? total(coreShares) <= mostCoreShare : undefined,
  };
}
