import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeReport, secondsToReport } from './judge.ts';
import { runTarget } from './run-target.ts';
import { targetTable } from './table.ts';
import { expectedCells, type Outcome, targetsInMarkdown } from './targets-in-markdown.ts';
import { whyNotHere } from './why-not-here.ts';

/**
 * Real processes, the real program, the real kernel. `VDSOTOP_TARGETS=write npx vitest run test/targets` writes
 * docs/targets.md from what this run has seen; without it the document is only held against the table.
 */
const document = join(import.meta.dirname, '../../docs/targets.md');
const outcomes = new Map<string, Outcome>();
const verdictWithinSeconds = 3;
const usualWatchMs = 2_500;

describe.each(targetTable)('$heading', ({ heading, targets }) => {
  it.for(targets)('$name: $does', { timeout: 180_000 }, async (target, { skip }) => {
    const id = `${heading}/${target.name}`;
    const reason = whyNotHere(target);
    if (reason !== undefined) outcomes.set(id, { notHere: reason });
    skip(reason !== undefined, `not possible here: ${reason}`);
    const { report, own, extraSeconds } = await runTarget(target);
    const seconds = secondsToReport(report) - extraSeconds;
    const misses = judgeReport(report, target.expected, own);
    outcomes.set(id, { report, seconds, misses });
    expect(misses).toEqual([]);
    if ((target.watchMs ?? usualWatchMs) <= usualWatchMs) expect(seconds).toBeLessThan(verdictWithinSeconds);
  });
});

describe('docs/targets.md', () => {
  it('has every target with what is expected of it', () => {
    if (process.env.VDSOTOP_TARGETS === 'write' && isWhole())
      writeFileSync(document, targetsInMarkdown(targetTable, outcomes));
    const text = readFileSync(document, 'utf8');
    const missing = targetTable
      .flatMap(({ targets }) => targets)
      .filter((target) => !text.includes(expectedCells(target)))
      .map(({ name }) => name);
    expect(missing).toEqual([]);
    const rows = text.split('\n').filter((line) => /^\| (?!target )/.test(line));
    expect(rows.length).toBe(targetTable.flatMap(({ targets }) => targets).length);
  });
});

/** A run of some targets only (`vitest -t`) says nothing of the others. */
function isWhole(): boolean {
  return targetTable.every(({ heading, targets }) => targets.every(({ name }) => outcomes.has(`${heading}/${name}`)));
}
