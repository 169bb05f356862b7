import type { Change, ClockDifference, NumberChange, PriceChange } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import { type Cell, cell } from '../cells.ts';
import { formatKnown, formatNs } from '../format.ts';
import { formatSampledShare } from '../format-limits.ts';
import { differenceStatuses } from './change-words.ts';
import { pathWord } from './metrics.ts';

/** A price of either side: which were taken while watched. */
export interface PaidChange extends NumberChange {
  readonly watched: readonly [before: boolean, after: boolean];
}

/** What the target's reads cost, each side on its own path; the vDSO's price where it makes none. */
export function paidChange({ path, prices }: ClockDifference): PaidChange {
  const of = (side: unknown): PriceChange | undefined => {
    const wanted = side === 'syscall' || side === 'mixed' ? 'syscall' : side === 'vsyscall' ? 'vsyscall' : 'vdso';
    return prices.find((price) => price.path === wanted) ?? prices[0];
  };
  const [from, to] = [of(path.before), of(path.after)];
  if (from === undefined || to === undefined) return notTimed;
  const watched = [from.taken === 'watched', to.taken === 'watched'] as const;
  if (from === to) return { ...to.p50, watched };
  return { before: from.p50.before, after: to.p50.after, verdict: path.verdict, watched };
}

const absent = { unavailable: 'absent', detail: 'it was not timed' } as const;
const notTimed: PaidChange = { before: absent, after: absent, verdict: 'cannot-tell', watched: [false, false] };

export function changeCell<T extends number | Interval>(change: Change<T>, format: (value: T) => string): Cell {
  const [before, after] = [formatKnown(change.before, format), formatKnown(change.after, format)];
  return marked(fromTo(before, after), change);
}

const arrow = ' → ';

function fromTo(before: string, after: string): string {
  return before === after ? before : `${before}${arrow}${after}`;
}

/** A price that is absent was not timed in that stretch: 'absent' would leave open what is. */
export function priceCell({ before, after, watched, ...change }: PaidChange): Cell {
  const [from, to] = [before, after].map((side) => formatKnown(side, formatNs).replace('absent', 'untimed'));
  const [dearerFrom, dearerTo] = watched.map((is) => (is ? '*' : ''));
  // Both of one kind need one sign.
  const first = watched[0] === watched[1] ? from : `${from}${dearerFrom}`;
  return marked(from === to ? `${to}${dearerTo}` : `${first}${arrow}${to}${dearerTo}`, change);
}

/** Where 'vDSO+kernel' has no room it is called what the table of clocks calls it there. */
export function pathCell(path: ClockDifference['path'], width: number): Cell {
  const shown = marked(fromTo(pathWord(path.before), pathWord(path.after)), path);
  return shown.text.length <= width ? shown : { ...shown, text: shown.text.replace('vDSO+kernel', 'mixed') };
}

/** Limits far apart are told as closely as there is room for. */
export function shareCell(share: ClockDifference['coreShare'], width: number): Cell {
  const each = Math.floor((width - '! '.length - arrow.length) / 2);
  return changeCell(share, (one) => formatSampledShare(one, each));
}

function marked(text: string, { verdict }: Pick<Change<unknown>, 'verdict'>): Cell {
  const { mark, tone } = differenceStatuses[verdict];
  return cell(`${mark} ${text}`, tone);
}
