import type { Missing } from '../model/findings.ts';
import type { Reading } from '../model/reading.ts';
import { isUnavailable, known } from './known.ts';

/** A lacking reading as Missing; nothing where there is a value. */
export function missingOf(name: string, reading: Reading<unknown>): readonly Missing[] {
  const value = known(reading);
  if (!isUnavailable(value)) return [];
  const { unavailable: reason, detail, remedy } = value;
  return [{ reading: rootOf[name] ?? name, detail: `${reason}: ${detail}`, ...(remedy !== undefined && { remedy }) }];
}

/** Readings that are derived lack what they are derived from. */
const rootOf: Readonly<Record<string, string>> = {
  'entries of this clock': 'kernel entries',
  'entries of precise clocks': 'kernel entries',
  'entries a healthy vDSO spares': 'kernel entries',
  'legacy vsyscalls': 'kernel entries',
  'whole kernel log': 'kernel log',
  'reads through the vDSO': 'vDSO calls',
  'core share of the vDSO': 'CPU samples',
  'hash tables of the vDSO': "the target's own vDSO",
  'patched vDSO': "the target's own vDSO",
};
