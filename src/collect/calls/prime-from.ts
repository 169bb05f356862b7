/** The first prime from a number on. Calls that come in a pattern beat with a period that shares a divisor with its length. */
export function primeFrom(value: number): number {
  for (let candidate = Math.max(2, Math.round(value)); ; candidate += 1) if (isPrime(candidate)) return candidate;
}

function isPrime(value: number): boolean {
  for (let divisor = 2; divisor * divisor <= value; divisor += 1) if (value % divisor === 0) return false;
  return true;
}
