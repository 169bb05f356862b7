import { join } from 'node:path';
import { shareFileName } from '../capsule/picture/share-file-name.ts';
import { createRecorder, type Recorder } from '../capsule/recorder.ts';
import { createRedaction } from '../capsule/redaction.ts';
import type { Recording } from '../model/outlets.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Session } from '../session.ts';
import { printable } from '../view/printable.ts';
import { invokingUser } from './invoking-user.ts';
import { systemError } from './system-error.ts';

/** A minute before the key was pressed is recorded too: what a screen shows of the first moments is made of it. */
const minuteMs = 60_000;

export interface SessionRecording {
  state(): Recording;
  close(): Promise<Recording>;
}

export interface RecordingChoices {
  /** Named after the target, and put into `folder`, where none is given. */
  readonly file?: string | undefined;
  readonly folder: string;
  /** Leaves in what is hidden otherwise. */
  readonly showHost: boolean;
}

/** Records the session from now on, and the minute before, to a new file. Throws a UserError where it cannot be created. */
export function recordSession(session: Session, { file, folder, showHost }: RecordingChoices): SessionRecording {
  const recorder = openRecorder(file ?? join(folder, nameAfterTarget(session)));
  const redaction = showHost ? undefined : createRedaction();
  const add = (snapshot: Snapshot) => recorder.add(redaction?.snapshot(snapshot) ?? snapshot);
  let begun = false;
  const begin = () => {
    const capsule = session.capsule();
    if (capsule === undefined) return;
    begun = true;
    const { shownMs: _, ...header } = capsule.header;
    recorder.begin(redaction?.header(header) ?? header);
    const fromMs = (capsule.snapshots.at(-1)?.elapsedMs ?? 0) - minuteMs;
    for (const snapshot of capsule.snapshots) if (snapshot.elapsedMs >= fromMs) add(snapshot);
  };
  begin();
  const stop = session.onSnapshot((snapshot) => (begun ? add(snapshot) : begin()));
  return {
    state: recorder.state,
    close() {
      stop();
      return recorder.close();
    },
  };
}

function nameAfterTarget(session: Session): string {
  const header = session.capsule()?.header;
  if (header === undefined) return 'vdsotop.ndjson.gz';
  const { target, savedAt } = header;
  return `${shareFileName({ pid: target.pid, comm: target.comm, at: savedAt })}.ndjson.gz`;
}

function openRecorder(path: string): Recorder {
  try {
    return createRecorder(path, invokingUser());
  } catch (error) {
    throw systemError(error, `${printable(path)} cannot be created`);
  }
}
