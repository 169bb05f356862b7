import type { Recording } from '../model.ts';
import type { Session } from '../session.ts';
import { formatBytes } from '../view/format.ts';
import type { ScreenOutlets } from '../view/outlets.ts';
import { printable } from '../view/printable.ts';
import type { WatchOptions } from './options.ts';
import type { SessionRecording } from './record-session.ts';
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
  let recording: SessionRecording | undefined;
  let trigger: { readonly close: () => Promise<readonly string[]> } | undefined;

  const start = async (path?: string) => {
    // Hashing and compressing are loaded for those who record.
    const { recordSession } = await import('./record-session.ts');
    recording = recordSession(session, path, showHost);
    return `recording to ${printable(recording.state().path)}`;
  };
  const end = async (under: SessionRecording) => {
    recording = undefined;
    const sentence = recordingSentence(await under.close());
    written.push(sentence);
    return sentence;
  };
  const close = async () => {
    if (recording !== undefined) await end(recording);
    written.push(...((await trigger?.close()) ?? []));
    trigger = undefined;
    return written;
  };

  return {
    ...createSharing(session, options, (sentence) => written.push(sentence)),
    async begin() {
      if (record !== undefined) await start(record);
      if (condition === undefined) return;
      const { startTrigger } = await import('./start-trigger.ts');
      trigger = startTrigger(session, condition, { showHost, out });
    },
    recording: () => recording?.state(),
    async toggleRecording() {
      if (recording !== undefined) return end(recording);
      try {
        return await start();
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    close,
    async tell() {
      for (const sentence of await close()) process.stderr.write(`vdsotop: ${sentence}\n`);
    },
  };
}

function recordingSentence({ path, bytes, failure }: Recording): string {
  const size = `${printable(path)} (${formatBytes(bytes)})`;
  return failure === undefined ? `recorded: ${size}` : `recorded until ${failure}: ${size}`;
}
