import type { Condition } from '../expression/condition.ts';
import { createHolding } from '../expression/hold-for.ts';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { seenQuantities } from '../view/seen-quantities.ts';

/** What a trigger watches and does. */
export interface TriggerOptions {
  readonly condition: Condition;
  /** The judgement of the live window at the newest snapshot. */
  readonly report: () => Report | undefined;
  /** Notes what happened, for the screen and for what is saved. */
  readonly note: (text: string) => void;
  /** Saves what was watched and answers where; rejects with an error for a person. */
  readonly save: () => Promise<string>;
}

export interface Trigger {
  /** To be called with every snapshot. */
  follow(snapshot: Pick<Snapshot, 'elapsedMs'>): void;
  /** Settles when nothing is being saved; one sentence about each file. */
  close(): Promise<readonly string[]>;
}

/** Judging costs some milliseconds: more often than this a condition is not asked. */
const askEveryMs = 950;
/** What holds on and off is saved no more often than this … */
const coolDownMs = 60_000;
/** … and no more than so often: a disk is not filled by a watch that nobody looks at. */
const mostFiles = 20;

/**
 * Saves by itself when the condition has come to hold for as long as it asks. It must then cease to hold, and a minute
 * must pass, before it saves again.
 */
export function createTrigger({ condition, report, note, save }: TriggerOptions): Trigger {
  const holding = createHolding(condition);
  const written: string[] = [];
  let saving: Promise<void> = Promise.resolve();
  let askedMs = Number.NEGATIVE_INFINITY;
  let savedMs = Number.NEGATIVE_INFINITY;
  let files = 0;
  let armed = true;
  let due = false;

  const saveNow = async () => {
    try {
      const path = await save();
      note(`saved by --trigger: ${path}`);
      written.push(`saved by --trigger '${condition.text}': ${path}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      note(`--trigger held and could not be saved: ${why}`);
      written.push(`--trigger '${condition.text}' held and could not be saved: ${why}`);
    }
  };

  /** With the next snapshot: only that one holds what has just been noted. */
  const saveIfDue = () => {
    if (due) saving = saving.then(saveNow);
    due = false;
  };

  return {
    follow({ elapsedMs }) {
      saveIfDue();
      if (elapsedMs - askedMs < askEveryMs) return;
      askedMs = elapsedMs;
      const now = report();
      if (now === undefined) return;
      const { fulfilled, holds, seen } = holding.follow(now, elapsedMs / 1_000);
      if (holds === 'no') armed = true;
      if (!fulfilled || !armed || elapsedMs - savedMs < coolDownMs || files >= mostFiles) return;
      armed = false;
      savedMs = elapsedMs;
      files += 1;
      note(
        `--trigger '${condition.text}' held: ${seenQuantities(seen)}${files === mostFiles ? '; no more is saved' : ''}`,
      );
      due = true;
    },
    async close() {
      saveIfDue();
      await saving;
      return written;
    },
  };
}
