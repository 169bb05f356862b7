/** Rounded to significant digits in one direction; what is too little to tell from nothing is 0, or 0.01. */
export function outward(value: number, round: (steps: number) => number, digits = 2): number {
  if (value < 0.01) return value <= 0 ? 0 : round(value / 0.01) * 0.01;
  const step = 10 ** (Math.floor(Math.log10(value)) + 1 - digits);
  // The quotient of 76,000 and 1,000 may come out a trifle beside 76.
  return round(significant(value / step, 9)) * step;
}

export function scaled(value: number, digits: number): string {
  const rounded = significant(value, digits);
  const { step, prefix } = prefixOf(rounded);
  return `${significant(rounded / 1_000 ** step, digits)}${prefix}`;
}

/** `step`: so many thousands are one of the unit. */
export function prefixOf(value: number): { readonly step: number; readonly prefix: string } {
  const prefixes = ['', ' k', ' M', ' G', ' T'];
  const thousands = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)) / 3);
  const step = Math.min(Math.max(thousands, 0), prefixes.length - 1);
  return { step, prefix: prefixes[step] ?? '' };
}

export function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
