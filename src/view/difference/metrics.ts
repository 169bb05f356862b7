import type { ReadPath } from '../../model/clocks.ts';
import type { Change, ClockDifference, DifferenceVerdict, PriceChange } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import type { Known } from '../../model/reading.ts';
import { formatCount, formatKnown, formatNs, isUnavailable } from '../format.ts';
import { formatEstimated, formatSampledShare } from '../format-limits.ts';
import { ratioWords } from './change-words.ts';

/** One number or word of a clock before and after, as text. */
export interface Metric {
  readonly label: string;
  /** Whether it is a price that was taken while watched, which is dearer where the read enters the kernel. */
  readonly watched: boolean;
  readonly before: string;
  readonly after: string;
  readonly verdict: DifferenceVerdict;
  /** By how much, or why it cannot be told; may be ''. */
  readonly note: string;
}

const pathWords: Readonly<Record<ReadPath, string>> = {
  vdso: 'vDSO',
  syscall: 'syscall',
  vsyscall: 'vsyscall',
  mixed: 'vDSO+kernel',
  none: 'none',
  unknown: 'unknown',
};

export function pathWord(path: Known<ReadPath>): string {
  return formatKnown(path, (known) => pathWords[known]);
}

const priceNames: Readonly<Record<PriceChange['path'], string>> = {
  vdso: 'vDSO',
  syscall: 'syscall',
  libc: 'libc',
  vsyscall: 'vsyscall',
  raw: 'raw',
};

/** All that is known of a clock on both sides, in the order one asks for it; what is 0 or unknown on both is left out. */
export function metricsOf(clock: ClockDifference): readonly Metric[] {
  const { path, kernelEntriesPerSecond: entries, fastCallsPerSecond: calls, prices, coreShare } = clock;
  return [
    metric('path', path, sayPath),
    ...unlessNothing('kernel/s', entries, formatCount),
    ...unlessNothing('vDSO/s', calls, (calls: Interval) => formatEstimated(calls, limitsRoom)),
    ...prices.flatMap(priceMetrics),
    ...unlessNothing('core share', coreShare, (share: Interval) => formatSampledShare(share, limitsRoom)),
  ];
}

/** In a sentence or a wide cell: 'syscall p50 while watched'. */
export function labelInWords({ label, watched }: Pick<Metric, 'label' | 'watched'>): string {
  return watched ? `${label} while watched` : label;
}

/** Two of these and an arrow between them are what a line has room for. */
const limitsRoom = 12;

const sayPath = (path: ReadPath) => pathWords[path];

function priceMetrics({ path, taken, p50, p99 }: PriceChange): readonly Metric[] {
  const name = priceNames[path];
  const tail = p99.verdict === 'cannot-tell' ? [] : [metric(`${name} p99`, p99, formatNs)];
  const watched = taken === 'watched';
  return [...unlessNothing(`${name} p50`, p50, formatNs), ...tail].map((one) => ({ ...one, watched }));
}

/** Unknown on both sides, or none seen on both, needs no line. */
function unlessNothing<T extends number | Interval>(
  label: string,
  change: Change<T>,
  format: (value: T) => string,
): readonly Metric[] {
  return isNothing(change.before) && isNothing(change.after) ? [] : [metric(label, change, format)];
}

function isNothing(value: Known<number | Interval>): boolean {
  if (isUnavailable(value)) return true;
  return (typeof value === 'number' ? value : value.value) === 0;
}

function metric<T>(label: string, change: Change<T>, format: (value: T) => string): Metric {
  const { before, after, verdict } = change;
  const by = 'ratio' in change ? ratioWords(change as Parameters<typeof ratioWords>[0]) : '';
  const note = [by, change.reason].filter(Boolean).join(', ');
  return {
    label,
    watched: false,
    before: formatKnown(before, format),
    after: formatKnown(after, format),
    verdict,
    note,
  };
}
