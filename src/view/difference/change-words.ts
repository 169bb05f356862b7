import type { DifferenceVerdict, NumberChange } from '../../model/difference.ts';
import type { Interval } from '../../model/interval.ts';
import type { Status } from '../tones.ts';

/** Verdicts on a change: a word and a mark, so that nothing rests on colour. */
export const differenceStatuses: Readonly<Record<DifferenceVerdict, Status>> = {
  changed: { tone: 'warn', badge: 'badgeWarn', word: 'CHANGED', mark: '!', meaning: 'by more than noise explains' },
  same: {
    tone: 'muted',
    badge: 'badgeGood',
    word: 'same',
    mark: '=',
    meaning: 'noise can hide no change that matters',
  },
  'cannot-tell': {
    tone: 'unknown',
    badge: 'badgeUnknown',
    word: 'cannot tell',
    mark: '?',
    meaning: 'too little was seen, or there is too much noise',
  },
};

/** A ratio as a change: '+9.1 %', '-12 %', '46×', '1/3.2'; its limits the same: '+9.1 % (+3 to +15)'. */
export function ratioWords({ ratio }: Pick<NumberChange, 'ratio'>): string {
  if (ratio === undefined) return '';
  const { value, low, high } = ratio;
  if (high / low > anything) return value >= 0.5 && value <= 2 ? '' : times(value);
  if (isLarge(ratio)) return `${times(value)} (${times(low)} to ${times(high)})`;
  return `${signed(value)} % (${signed(low)} to ${signed(high)})`;
}

/** Limits this far apart tell nothing that a reader could use. */
const anything = 10_000;
/** From here on a change is told as so many times. */
const manyTimes = 2;

function isLarge({ value, high, low }: Interval): boolean {
  return value >= manyTimes || value <= 1 / manyTimes || high > manyTimes ** 2 || low < manyTimes ** -2;
}

function times(ratio: number): string {
  return ratio >= 0.95 ? `${digits(ratio)}×` : `1/${digits(1 / ratio)}`;
}

function signed(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const text = digits(Math.abs(percent));
  return Number(text) === 0 ? '0' : `${percent < 0 ? '-' : '+'}${text}`;
}

function digits(value: number): string {
  if (value >= 9.95) return String(Math.round(value));
  return value < 0.05 ? '0' : String(Number(value.toPrecision(2)));
}
