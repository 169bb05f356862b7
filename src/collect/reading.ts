import type { Available, Reading, Unavailable, UnavailableReason } from '../model/reading.ts';

export function available<T>(value: T, source: string): Available<T> {
  return { value, source };
}

/** `detail` is one line: what was tried and what answered. `remedy` is a command that would supply the value. */
export function unavailable(reason: UnavailableReason, detail: string, remedy?: string): Unavailable {
  return { unavailable: reason, detail, ...(remedy !== undefined && { remedy }) };
}

/** The reading with its value turned into another; what is unavailable stays so, with its reason. */
export function mapReading<T, U>(reading: Reading<T>, map: (value: T) => U): Reading<U> {
  return 'value' in reading ? available(map(reading.value), reading.source) : reading;
}

/** A reader that threw is a failed reading, never an exception that takes the other readings along. */
export function guarded<T>(what: string, read: () => Reading<T>): Reading<T> {
  try {
    return read();
  } catch (error) {
    return unavailable('failed', `${what}: ${errorText(error)}`);
  }
}

const denials = new Set(['EACCES', 'EPERM']);

/** Whether an errno name says that permission is lacking. */
export function isDenied(code: string): boolean {
  return denials.has(code);
}

/** The errno name where the error has one ('EACCES'), else its message on one line. */
export function errorText(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 200);
}
