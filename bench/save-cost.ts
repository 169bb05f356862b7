import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Outcome } from './rig/benchmark.ts';
import { formatNumber, formatRange } from './rig/format.ts';
import type { Screen } from './rig/screen.ts';
import { median, medianAndRange } from './rig/statistics.ts';
import { withDemo } from './rig/with-demo.ts';

const mostSaveMs = 400;
/** As many samples as ten minutes have at the default rate, in the time they take at the fastest. */
const samples = 1_200;
const intervalMs = 100;
/** At that rate three samples are painted together (src/ui/paced-frames.ts); a paint that is left out doubles this. */
const paintEveryMs = 3 * intervalMs;
const restMs = 3_000;

/** One press of S. */
interface Save {
  readonly ms: number;
  readonly longestWithoutPaintMs: number;
}

export const saveCost: Benchmark = {
  name: 'save-cost',
  title: 'How long S takes, and whether the screen goes on meanwhile',
  run: ({ quick, progress }) =>
    withDemo(['-i', `${intervalMs}ms`], async (screen, folder) => {
      await sleep(samples * intervalMs * (quick ? 0.2 : 1.1));
      const saves: Save[] = [];
      for (let round = 0; round < (quick ? 3 : 10); round += 1) {
        await sleep(restMs);
        saves.push(await save(screen, folder, round + 1));
        progress(`${formatNumber(saves.at(-1)?.ms ?? 0)} ms`);
      }
      return outcome(saves, longestGap(screen.paintedAt, performance.now() - restMs, performance.now()), sizes(folder));
    }),
};

/** From the key until the last of its three files is there, and a while more for what the screen did. */
async function save(screen: Screen, folder: string, count: number): Promise<Save> {
  const startedMs = performance.now();
  screen.send('S');
  while (readdirSync(folder).filter((name) => name.endsWith('.md')).length < count) await sleep(2);
  const ms = performance.now() - startedMs;
  await sleep(2 * paintEveryMs);
  return { ms, longestWithoutPaintMs: longestGap(screen.paintedAt, startedMs, performance.now()) };
}

function longestGap(paintedAt: readonly number[], fromMs: number, toMs: number): number {
  const marks = [fromMs, ...paintedAt.filter((ms) => ms > fromMs && ms < toMs), toMs];
  return Math.max(...marks.slice(1).map((ms, index) => ms - (marks[index] ?? ms)));
}

function sizes(folder: string): Readonly<Record<string, number>> {
  const of = (ending: string) =>
    median(
      readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .map((name) => statSync(join(folder, name)).size / 1_000),
    );
  return { svg: of('.svg'), png: of('.png'), md: of('.md') };
}

function outcome(saves: readonly Save[], quietGapMs: number, kilobytes: Readonly<Record<string, number>>): Outcome {
  const ms = saves.map((save) => save.ms);
  const gaps = saves.map((save) => save.longestWithoutPaintMs);
  const worstGapMs = Math.max(...gaps);
  return {
    how: [
      `\`vdsotop demo -i ${intervalMs}ms\` on a pseudo-terminal of 120 × 40 fills its past of ${samples.toLocaleString('en')} samples, which is ten minutes at the default rate; then S is pressed ${saves.length} times, ${restMs / 1_000} s apart. A save lasts from the key until all three files are there. Every write to the terminal is timed.`,
    ],
    rows: [
      {
        what: 'S: SVG, PNG and Markdown',
        figure: `${formatNumber(median(ms))} ms`,
        spread: formatRange(medianAndRange(ms), ' ms', ms.length),
        peer: '',
        bound: `≤ ${mostSaveMs} ms`,
        met: median(ms) <= mostSaveMs,
      },
      {
        what: 'longest time without a paint while saving',
        figure: `${formatNumber(worstGapMs)} ms`,
        spread: formatRange(medianAndRange(gaps), ' ms', gaps.length),
        peer: `${formatNumber(quietGapMs)} ms without a save`,
        bound: `< ${2 * paintEveryMs} ms: none of the paints, one in ${paintEveryMs} ms, is left out`,
        met: worstGapMs < 2 * paintEveryMs,
      },
    ],
    notes: [
      `The files have ${Object.entries(kilobytes)
        .map(([ending, size]) => `${formatNumber(size)} kB (.${ending})`)
        .join(', ')} each, the past inside the pictures included.`,
      'The first save also loads what draws and packs.',
    ],
    raw: { 'save, ms': ms, 'longest time without a paint, ms': gaps },
  };
}
