import type { ClockSummary } from '../model/clocks.ts';
import type { Interval } from '../model/interval.ts';
import type { TimedPath } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import type { Kind } from './units.ts';

/** What an expression may ask of a report; an estimate answers the interval it lies in. */
export type Answer = number | string | Interval;

/** What stands in the places of a quantity's pattern that are not fixed. */
export interface Bindings {
  readonly clock: string;
  readonly path: TimedPath;
  readonly rule: string;
}

export interface Quantity {
  /** Parts between the dots; '<clock>', '<path>' stand for a name, and '(<rule>)' for one in parentheses. */
  readonly pattern: string;
  readonly kind: Kind;
  /** Of kind 'word': what it may be; absent where it is any text. */
  readonly words?: readonly string[];
  readonly meaning: string;
  readonly read: (report: Report, bindings: Bindings) => Known<Answer>;
}

type Row = Omit<ClockSummary, 'id'>;

const absent = (detail: string) => ({ unavailable: 'absent', detail }) as const;
const notTold = (detail: string) => ({ unavailable: 'failed', detail }) as const;

/** 'gettimeofday' in an expression is the report's 'gettimeofday()'. */
function rowOf(report: Report, clock: string): Row | undefined {
  return [...report.clocks, ...report.functions].find(({ name }) => name === clock || name === `${clock}()`);
}

const ofClock =
  (read: (row: Row) => Known<Answer>) =>
  (report: Report, { clock }: Bindings): Known<Answer> => {
    const row = rowOf(report, clock);
    return row === undefined ? absent(`the report has no row for ${clock}`) : read(row);
  };

const price = (percentile: 'p10' | 'p50' | 'p90' | 'p99'): Quantity => ({
  pattern: `<clock>.<path>.${percentile}`,
  kind: 'time',
  meaning: `${percentile} of the batches timed on that path, per call; a percentile of batch means, not of calls`,
  read: (report, bindings) =>
    ofClock(
      (row) => row.ns[bindings.path]?.[percentile] ?? absent(`${bindings.clock} was not timed by ${bindings.path}`),
    )(report, bindings),
});

const clockVerdicts = ['slow', 'fast', 'idle', 'unknown'];
const paths = ['vdso', 'syscall', 'vsyscall', 'mixed', 'none', 'unknown'];
const findingVerdicts = ['confirmed', 'likely', 'possible', 'ruled-out', 'unknown'];

/** Every quantity, from which docs/expressions.md is made. */
export const quantities: readonly Quantity[] = [
  price('p10'),
  price('p50'),
  price('p90'),
  price('p99'),
  {
    pattern: '<clock>.kernelEntriesPerSecond',
    kind: 'rate',
    meaning: 'how often a second the target entered the kernel for it, counted',
    read: ofClock(({ kernelEntriesPerSecond }) => kernelEntriesPerSecond),
  },
  {
    pattern: '<clock>.kernelEntries',
    kind: 'count',
    meaning: 'the same in the whole window',
    read: ofClock(({ kernelEntries }) => kernelEntries),
  },
  {
    pattern: '<clock>.fastCallsPerSecond',
    kind: 'rate',
    meaning: 'vDSO calls a second, an estimate with its interval',
    read: ofClock(({ fastCallsPerSecond }) => fastCallsPerSecond),
  },
  {
    pattern: '<clock>.coreShare',
    kind: 'cores',
    meaning: 'part of one core that its reads cost, an estimate with its interval',
    read: ofClock(({ coreShare }) => coreShare),
  },
  {
    pattern: '<clock>.targetCpuShare',
    kind: 'share',
    meaning: 'the same as a part of the CPU time that the target burns for itself',
    read: ofClock(({ targetCpuShare }) => targetCpuShare),
  },
  {
    pattern: '<clock>.speedup',
    kind: 'ratio',
    meaning: 'how many times as dear a system call is as the vDSO',
    read: ofClock(({ speedup }) => speedup),
  },
  {
    pattern: '<clock>.path',
    kind: 'word',
    words: paths,
    meaning: 'how the target reads it',
    read: ofClock(({ path }) => path),
  },
  {
    pattern: '<clock>.verdict',
    kind: 'word',
    words: clockVerdicts,
    meaning: 'the verdict on this clock',
    read: ofClock(({ verdict }) => verdict),
  },
  {
    pattern: 'verdict',
    kind: 'word',
    words: ['slow', 'fast', 'unknown'],
    meaning: 'the verdict on the target',
    read: ({ verdict }) => verdict,
  },
  {
    pattern: 'impact.coreShare',
    kind: 'cores',
    meaning: 'part of one core that kernel entries cost',
    read: ({ impact }) => impact.coreShare,
  },
  {
    pattern: 'impact.targetCpuShare',
    kind: 'share',
    meaning: 'the same as a part of the CPU time that the target burns for itself',
    read: ({ impact }) => impact.targetCpuShare,
  },
  {
    pattern: 'impact.fastCoreShare',
    kind: 'cores',
    meaning: 'part of one core that the fast path takes, an estimate with its interval',
    read: ({ impact }) => impact.fastCoreShare,
  },
  {
    pattern: 'impact.level',
    kind: 'word',
    words: ['none', 'low', 'high'],
    meaning:
      'what kernel entries cost, in a word: none below 0.1 % of a core; high from 1 % or, if known, from 5 % of the CPU time of the target; else low',
    read: ({ impact }) => impact.level,
  },
  {
    pattern: 'finding(<rule>)',
    kind: 'word',
    words: findingVerdicts,
    meaning: 'the strongest verdict of that rule on any clock',
    read: ({ findings }, { rule }) => strongest(findings.filter(({ id }) => id === rule).map(({ verdict }) => verdict)),
  },
  {
    pattern: 'threads',
    kind: 'count',
    meaning: 'threads of the target',
    read: ({ target }) => target.threads,
  },
  {
    pattern: 'cpu',
    kind: 'cores',
    meaning: 'CPU time that the target burns, in cores',
    read: ({ target }) => target.cpuCores,
  },
  {
    pattern: 'clocksource',
    kind: 'word',
    meaning: "the host's clocksource, such as tsc or hpet",
    read: ({ host }) => host.clocksource,
  },
  {
    pattern: 'clockMode',
    kind: 'word',
    words: ['none', 'tsc', 'pvclock', 'hvclock', 'timens', 'archtimer', 'unknown'],
    meaning: "mode of the kernel's clock page",
    read: ({ host }) => host.clockMode,
  },
  {
    pattern: 'watched',
    kind: 'seconds',
    meaning: 'seconds watched since attach or reset',
    read: ({ coverage }) => coverage.watchedSeconds,
  },
];

function strongest(verdicts: readonly string[]): Known<string> {
  return (
    ['confirmed', 'likely', 'possible', 'unknown', 'ruled-out'].find((verdict) => verdicts.includes(verdict)) ??
    notTold('that rule was not judged')
  );
}
