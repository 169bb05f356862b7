import type { Report } from '../model/report.ts';
import { nameLimit } from './call-site-words.ts';
import type { Grid } from './cells.ts';
import { paragraph } from './finding-rows.ts';

/** Why names of call sites are missing or assumed, and what would bring them. */
export function callSiteLimitRows({ callSiteLimits }: Report, width: number): Grid {
  return callSiteLimits.flatMap((limit) => [
    ...paragraph(nameLimit(limit), 'unknown', width),
    ...(limit.remedy === undefined ? [] : paragraph(`try: ${limit.remedy}`, 'accent', width)),
  ]);
}
