import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/analysis/diagnose.ts';
import { parseCondition } from '../../src/commands/parse-condition.ts';
import { createTrigger } from '../../src/commands/trigger.ts';
import type { Report } from '../../src/model/report.ts';
import { denied, makeScenario, tscPrices } from '../analysis/snapshot-builder.ts';

const report = (entries: number): Report =>
  diagnose(makeScenario({ entries: [['clock_gettime', 3, entries]], prices: tscPrices }), { version: 'test' });
const [slow, calm] = [report(20_000), report(0)];
const blind = diagnose(makeScenario({ both: { entries: denied() }, hits: 'blind' }), { version: 'test' });

/** A session whose report is what the test says at each half second. */
function watchWith(condition: string, save: () => Promise<string> = async () => 'here.ndjson.gz') {
  const notes: string[] = [];
  let now: Report | undefined;
  let saves = 0;
  const trigger = createTrigger({
    condition: parseCondition(condition, '--trigger'),
    report: () => now,
    note: (text) => notes.push(text),
    save: () => {
      saves += 1;
      return save();
    },
  });
  let atMs = 0;
  const forSeconds = (seconds: number, shown: Report) => {
    now = shown;
    for (const until = atMs + seconds * 1_000; atMs < until; atMs += 500) trigger.follow({ elapsedMs: atMs });
  };
  return { forSeconds, notes, saves: () => saves, close: trigger.close };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const condition = 'THREAD_CPUTIME_ID.kernelEntriesPerSecond > 10k/s for 5s';

describe('a trigger', () => {
  it('saves once when its condition has held for as long as it asks', async () => {
    const { forSeconds, notes, saves, close } = watchWith(condition);
    forSeconds(4, slow);
    expect(saves()).toBe(0);
    forSeconds(60, slow);
    expect(await close()).toEqual([`saved by --trigger '${condition}': here.ndjson.gz`]);
    expect(saves()).toBe(1);
    expect(notes).toEqual([
      `--trigger '${condition}' held: THREAD_CPUTIME_ID.kernelEntriesPerSecond was 20 k/s`,
      'saved by --trigger: here.ndjson.gz',
    ]);
  });

  it('saves again when it has ceased to hold and a minute has passed', async () => {
    const { forSeconds, saves, close } = watchWith(condition);
    forSeconds(10, slow);
    forSeconds(5, calm);
    forSeconds(20, slow);
    await nextTurn();
    expect(saves()).toBe(1);
    forSeconds(40, slow);
    await close();
    expect(saves()).toBe(2);
  });

  it('is not set off by what cannot be seen, and not made ready by it either', async () => {
    const { forSeconds, saves, close } = watchWith(condition);
    forSeconds(20, blind);
    expect(saves()).toBe(0);
    forSeconds(10, slow);
    forSeconds(70, blind);
    forSeconds(70, slow);
    await close();
    expect(saves()).toBe(1);
  });

  it('fills no disk', async () => {
    const { forSeconds, saves, notes, close } = watchWith('THREAD_CPUTIME_ID.kernelEntriesPerSecond > 10k/s');
    for (let round = 0; round < 30; round++) {
      forSeconds(5, calm);
      forSeconds(65, slow);
    }
    await close();
    expect(saves()).toBe(20);
    expect(notes.filter((note) => note.includes('no more is saved'))).toHaveLength(1);
  });

  it('says why it could not save', async () => {
    const { forSeconds, notes, close } = watchWith(condition, async () => {
      throw new Error('no space left on device');
    });
    forSeconds(10, slow);
    expect((await close())[0]).toMatch(/held and could not be saved: no space left on device/);
    expect(notes.at(-1)).toMatch(/no space left on device/);
  });
});
