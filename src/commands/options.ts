import { Option } from 'commander';
import type { Condition } from '../expression/condition.ts';
import { parseBudget } from './parse-budget.ts';
import { parseCondition } from './parse-condition.ts';
import { parseDuration } from './parse-duration.ts';
import { type SharingOptions, sharingOptions } from './sharing-options.ts';

/** Options shared by every command that watches a target, as commander hands them over. */
export interface WatchOptions extends SharingOptions {
  readonly pid?: string;
  readonly interval: number;
  readonly counter: 'auto' | 'bpf' | 'perf';
  readonly children: boolean;
  /** Share of a core that estimating vDSO calls may take from the target; 0: not at all. */
  readonly fastCalls: number;
  readonly perfTrace?: number;
  readonly force: boolean;
  readonly incremental: boolean;
  /** File to record to from the start. */
  readonly record?: string;
  /** Saves a capsule when it comes to hold. */
  readonly trigger?: Condition;
}

const seconds = (flag: string, minMs: number, maxMs: number) => (text: string) =>
  parseDuration(text, flag, { minMs, maxMs });

const symbols = new Option('--symbols <set>', 'what charts are drawn with (default: by terminal and locale)').choices([
  'braille',
  'block',
  'ascii',
]);

const showHost = new Option(
  '--show-host',
  'leave the host name, names in home paths and arguments in what is saved',
).default(false);

/** How a screen is painted, whatever it shows, and what is saved of it. */
export const screenOptions: readonly Option[] = [
  symbols,
  showHost,
  ...sharingOptions,
  new Option('--no-incremental', 'repaint whole frames: less CPU, more bytes over the wire'),
  new Option('--no-color', 'no colour (as the environment variable NO_COLOR)'),
];

const interval = new Option('-i, --interval <time>', 'time between samples, from 100ms to 10s')
  .default(500, '500ms')
  .argParser(seconds('--interval', 100, 10_000));
const children = new Option('--children', 'watch the whole tree of processes below the target too').default(false);
const counter = new Option('--counter <method>', 'how kernel entries are counted')
  .choices(['auto', 'bpf', 'perf'])
  .default('auto');
const fastCalls = new Option(
  '--fast-calls <budget>',
  'share of a core that estimating vDSO calls may take from the target, at most 5%; off: do not',
)
  .default(0.003, '0.3%')
  .argParser((text) => parseBudget(text, '--fast-calls'));

/** One table, from which help, the README and the man page are made. */
export const watchOptions: readonly Option[] = [
  new Option('-p, --pid <target>', 'process to watch: a PID, a thread id, a name, or a PID as its container sees it'),
  interval,
  symbols,
  children,
  counter,
  fastCalls,
  new Option(
    '--perf-trace <time>',
    'let the real perf trace count too, for at most 2s; it slows the target a lot, so a screen asks first',
  ).argParser(seconds('--perf-trace', 100, 2_000)),
  new Option(
    '--force',
    'allow --perf-trace where clock system calls are more than 20,000 a second, or not known',
  ).default(false),
  new Option('--record <file>', 'record to a new file while watching; a name ending in .gz is compressed'),
  new Option(
    '--trigger <condition>',
    "save a capsule when it comes to hold: 'BOOTTIME.vdso.p99 > 1us for 5s' (docs/expressions.md)",
  ).argParser((text) => parseCondition(text, '--trigger')),
  showHost,
  ...sharingOptions,
  ...screenOptions.slice(-2),
];

/** Of `diff`: how to watch what is not a file, and how to say it. */
export const diffOptions: readonly Option[] = [
  new Option('-p, --pid <target>', 'process to watch, as everywhere; twice for two of them')
    .default([], '')
    .argParser((text: string, before: readonly string[]) => [...before, text]),
  new Option('-d, --duration <time>', 'how long to watch each, from 1s to 1,200 intervals (10m by default), at most 1h')
    .default(10_000, '10s')
    .argParser(seconds('--duration', 1_000, 3_600_000)),
  new Option('--json', 'print the difference as JSON').default(false),
  new Option('--markdown', 'print it as Markdown for a ticket').default(false),
  new Option('--exit-code', 'end with 6 when something changed for the worse').default(false),
  ...[interval, children, counter, fastCalls],
];
