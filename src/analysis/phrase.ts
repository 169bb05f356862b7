/**
 * Numbers inside sentences: three significant digits, no more than a reader can use. Tables and charts have their own
 * formats in view/.
 */

/** '212', '21.3', '2.13', '0.43': three digits from 1 upwards, two below; no trailing zeros. */
export function digits(value: number): string {
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  const wanted = size >= 0 ? 3 : 2;
  const decimals = Math.min(12, Math.max(0, wanted - 1 - size));
  const text = value.toFixed(decimals);
  return decimals > 0 ? text.replace(/\.?0+$/, '') : text;
}

/** '20.1 k/s', '3/s', '1.2 M/s' */
export function ratePhrase(perSecond: number): string {
  if (perSecond >= 999_500) return `${digits(perSecond / 1e6)} M/s`;
  if (perSecond >= 999.5) return `${digits(perSecond / 1e3)} k/s`;
  return `${digits(perSecond)}/s`;
}

/** Of a watch as short as this the number itself is told, and not what it would come to in a second. */
const shortSeconds = 1.5;

export function isShortWatch(seconds: number): boolean {
  return seconds < shortSeconds;
}

/** '20.1 k/s over 14 s'; of a short watch '12,345 times in 0.2 s' */
export function timesPhrase(perSecond: number, seconds: number): string {
  if (!isShortWatch(seconds)) return `${ratePhrase(perSecond)} over ${secondsPhrase(seconds)}`;
  const times = Math.round(perSecond * seconds);
  return `${times === 1 ? 'once' : `${times.toLocaleString('en')} times`} in ${secondsPhrase(seconds)}`;
}

/** '21.3 ns', '4.28 µs', '8.06 ms' */
export function nsPhrase(ns: number): string {
  if (ns >= 999_500) return `${digits(ns / 1e6)} ms`;
  return ns >= 999.5 ? `${digits(ns / 1e3)} µs` : `${digits(ns)} ns`;
}

const smallestShare = 1e-6;

/** '0.43 %' of a core; what is smaller than any meaning is 'less than 0.0001 %'. */
export function sharePhrase(share: number): string {
  if (share > 0 && share < smallestShare) return 'less than 0.0001 %';
  return `${digits(Number((share * 100).toPrecision(2)))} %`;
}

/** '41 ms', '1.4 s', '14 s', '2 m 14 s': as `formatSeconds` of view/ shows it beside a sentence. */
export function secondsPhrase(seconds: number): string {
  if (seconds >= 0.0005 && seconds < 0.0995) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 9.95) return `${Math.max(seconds, 0).toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} m`;
}

/** 'MONOTONIC', 'MONOTONIC and REALTIME', 'MONOTONIC, REALTIME and 2 others' */
export function namesPhrase(names: readonly string[]): string {
  const [first = 'none', second, third] = names;
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  return names.length === 3 ? `${first}, ${second} and ${third}` : `${first}, ${second} and ${names.length - 2} others`;
}
