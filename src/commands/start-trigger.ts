import type { Condition } from '../expression/condition.ts';
import type { Session } from '../session.ts';
import type { WatchOptions } from './options.ts';
import { saveCapsule } from './save-capsule.ts';
import { createTrigger } from './trigger.ts';

type SharingChoices = Pick<WatchOptions, 'showHost' | 'out'>;

/** Lets a session save itself into the folder whenever the condition comes to hold. */
export function startTrigger(session: Session, condition: Condition, { showHost, out }: SharingChoices) {
  const trigger = createTrigger({
    condition,
    report: session.liveReport,
    note: (text) => session.note('trigger', text),
    async save() {
      const capsule = session.capsule();
      if (capsule === undefined) throw new Error('nothing was watched yet');
      // The moment that is saved is now, whatever a paused screen shows.
      const { shownMs: _, ...header } = capsule.header;
      return saveCapsule({ ...capsule, header }, out, showHost);
    },
  });
  const stop = session.onSnapshot(trigger.follow);
  return {
    close() {
      stop();
      return trigger.close();
    },
  };
}
