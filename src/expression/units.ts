/** What a quantity is measured in; only like is compared with like. */
export type Kind = 'time' | 'rate' | 'share' | 'cores' | 'count' | 'ratio' | 'seconds' | 'word';

interface Unit {
  readonly kinds: readonly Kind[];
  /** What a number of it is in the report's own unit of each of those kinds: ns, calls a second, parts of one. */
  readonly factor: number;
  /** Of kind 'seconds' the report's own unit is the second. */
  readonly secondsFactor?: number;
}

/** Every unit a number may carry. */
export const units: Readonly<Record<string, Unit>> = {
  ns: { kinds: ['time', 'seconds'], factor: 1, secondsFactor: 1e-9 },
  us: { kinds: ['time', 'seconds'], factor: 1e3, secondsFactor: 1e-6 },
  µs: { kinds: ['time', 'seconds'], factor: 1e3, secondsFactor: 1e-6 },
  ms: { kinds: ['time', 'seconds'], factor: 1e6, secondsFactor: 1e-3 },
  s: { kinds: ['time', 'seconds'], factor: 1e9, secondsFactor: 1 },
  m: { kinds: ['seconds'], factor: 60, secondsFactor: 60 },
  h: { kinds: ['seconds'], factor: 3_600, secondsFactor: 3_600 },
  '%': { kinds: ['share', 'cores'], factor: 0.01 },
  core: { kinds: ['cores'], factor: 1 },
  cores: { kinds: ['cores'], factor: 1 },
  '/s': { kinds: ['rate'], factor: 1 },
  'k/s': { kinds: ['rate'], factor: 1e3 },
  'M/s': { kinds: ['rate'], factor: 1e6 },
  k: { kinds: ['count'], factor: 1e3 },
  M: { kinds: ['count'], factor: 1e6 },
  x: { kinds: ['ratio'], factor: 1 },
};

/** How a number of each kind is to be written, for errors and the manual. */
export const kindWords: Readonly<Record<Kind, string>> = {
  time: 'a time with its unit, such as 40ns, 1.5us or 2ms',
  seconds: 'a time with its unit, such as 5s or 2m',
  rate: 'a rate, such as 100/s, 20k/s or 1M/s',
  share: 'a share, such as 5%',
  cores: 'a part of a core, such as 3% or 0.5cores',
  count: 'a number, such as 12 or 20k',
  ratio: 'a number of times, such as 10x',
  word: 'a word',
};

/** A number in the report's own unit for that kind; undefined where the unit does not fit. */
export function inOwnUnit(value: number, unit: string, kind: Kind): number | undefined {
  if (unit === '') return kind === 'count' || kind === 'ratio' || value === 0 ? value : undefined;
  const known = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (known === undefined || !known.kinds.includes(kind)) return undefined;
  return value * (kind === 'seconds' ? (known.secondsFactor ?? known.factor) : known.factor);
}
