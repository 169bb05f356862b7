import type { Session } from '../session.ts';
import type { ScreenOutlets } from '../view/outlets.ts';
import type { WatchOptions } from './options.ts';
import { createRecordingSwitch } from './recording-switch.ts';
import { createSharing } from './sharing.ts';

export interface OpenOutlets extends ScreenOutlets {
  /** What options ask for from the start. Throws a UserError where it cannot be done. */
  begin(): Promise<void>;
  /** Ends what is under way; one sentence about each file that was written. */
  close(): Promise<readonly string[]>;
  /** The same, said on standard error: where there is no screen, standard output is somebody else's. */
  tell(): Promise<void>;
}

/** What keys of a live session do outside the screen, and the options that do the same from the start. */
export function createOutlets(session: Session, options: WatchOptions): OpenOutlets {
  const { record, trigger: condition, showHost, out } = options;
  const written: string[] = [];
  const sharing = createSharing(session, options, (sentence) => written.push(sentence));
  const switched = createRecordingSwitch(session, { folder: out, showHost });
  let trigger: { readonly close: () => Promise<readonly string[]> } | undefined;

  const close = async () => {
    await sharing.finish();
    const recorded = await switched.end();
    written.push(...(recorded === undefined ? [] : [recorded]), ...((await trigger?.close()) ?? []));
    trigger = undefined;
    return written;
  };

  return {
    ...sharing.keys,
    recording: switched.recording,
    async toggleRecording() {
      const ended = switched.recording() !== undefined;
      const sentence = await switched.toggle();
      if (ended) written.push(sentence);
      return sentence;
    },
    async begin() {
      if (record !== undefined) await switched.begin(record);
      if (condition === undefined) return;
      const { startTrigger } = await import('./start-trigger.ts');
      trigger = startTrigger(session, condition, { showHost, out });
    },
    close,
    async tell() {
      for (const sentence of await close()) process.stderr.write(`vdsotop: ${sentence}\n`);
    },
  };
}
