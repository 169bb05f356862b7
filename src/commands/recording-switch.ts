import type { Recording } from '../model/outlets.ts';
import type { Session } from '../session.ts';
import { formatBytes } from '../view/format.ts';
import { printable } from '../view/printable.ts';
import type { RecordingChoices, SessionRecording } from './record-session.ts';

/** A recording of a session, begun and ended by a key or an option. Sentences say what became of it. */
export interface RecordingSwitch {
  recording(): Recording | undefined;
  /** Throws a UserError where the file cannot be created. */
  begin(file?: string): Promise<string>;
  /** Begins one, or ends the one under way. */
  toggle(): Promise<string>;
  /** Ends the one under way, if there is one. */
  end(): Promise<string | undefined>;
}

export function createRecordingSwitch(session: Session, choices: Omit<RecordingChoices, 'file'>): RecordingSwitch {
  let under: SessionRecording | undefined;
  let toggled = Promise.resolve('');

  const begin = async (file?: string) => {
    // Hashing and compressing are loaded for those who record.
    const { recordSession } = await import('./record-session.ts');
    under = recordSession(session, { ...choices, file });
    return `recording to ${printable(under.state().path)}`;
  };
  const finish = async (recording: SessionRecording) => {
    under = undefined;
    return sentenceOf(await recording.close());
  };
  const toggle = async () => {
    if (under !== undefined) return finish(under);
    return begin().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  };

  return {
    recording: () => under?.state(),
    begin,
    toggle() {
      // One after the other: a second R that comes while the first still begins is to end it.
      toggled = toggled.then(toggle);
      return toggled;
    },
    async end() {
      await toggled;
      return under === undefined ? undefined : finish(under);
    },
  };
}

function sentenceOf({ path, bytes, failure }: Recording): string {
  if (bytes === 0)
    return `nothing was recorded to ${printable(path)}: ${failure ?? 'the watching ended before its first sample'}`;
  const size = `${printable(path)} (${formatBytes(bytes)})`;
  return failure === undefined ? `recorded: ${size}` : `recorded until ${failure}: ${size}`;
}
