import { exitCodes, UserError } from './user-error.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * '2s', '500ms', '1.5m' or a bare number of seconds, in milliseconds. Throws a usage error that names the flag when it
 * is none of these or outside the bounds.
 */
export function parseDuration(text: string, flag: string, bounds: { minMs: number; maxMs: number }): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  if (match === null) throw badDuration(text, flag, 'expected a number with ms, s, m or h, such as 2s or 500ms');
  const durationMs = Number(match[1]) * (unitMs[match[2] ?? 's'] ?? 1_000);
  if (durationMs < bounds.minMs || durationMs > bounds.maxMs)
    throw badDuration(text, flag, `expected from ${bounds.minMs} ms to ${bounds.maxMs / 1_000} s`);
  return durationMs;
}

function badDuration(text: string, flag: string, expected: string): UserError {
  return new UserError(`${flag} '${text}' cannot be used: ${expected}`, exitCodes.usage);
}
