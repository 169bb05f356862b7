import { CapsuleProblem, type ProblemKind } from '../capsule/capsule-problem.ts';
import { openCapsule } from '../capsule/open-capsule.ts';
import type { ReadCapsule } from '../capsule/record-reader.ts';
import { replayNotes } from '../capsule/replay-notes.ts';
import { createShapeCheck } from '../capsule/shape-check.ts';
import { type Replay, startReplay } from '../session/replay.ts';
import { printable } from '../view/printable.ts';
import { systemError } from './system-error.ts';
import { exitCodes, UserError } from './user-error.ts';
import { version } from './version.ts';

const codes: Readonly<Record<ProblemKind, UserError['exitCode']>> = {
  'not-a-capsule': exitCodes.usage,
  damaged: exitCodes.usage,
  newer: exitCodes.unsupported,
};

/** Opens a capsule in any of its forms as a session. Throws a UserError where it is none or cannot be judged. */
export async function openReplay(path: string): Promise<Replay> {
  const capsule = await readCapsule(path);
  const replay = startReplay(capsule, { version, notes: replayNotes(capsule, version) });
  judgeOnce(replay, path);
  return replay;
}

/** The capsule in a file. Throws a UserError where it is none. */
export async function readCapsule(path: string): Promise<ReadCapsule> {
  try {
    return await openCapsule(path, { check: createShapeCheck(), version });
  } catch (error) {
    if (error instanceof CapsuleProblem) throw new UserError(`${printable(path)} ${error.message}`, codes[error.kind]);
    throw systemError(error, `${printable(path)} cannot be opened`);
  }
}

/** Every value has its shape; together they may still be nonsense that no session would write. */
function judgeOnce(replay: Replay, path: string): void {
  try {
    replay.frame();
  } catch {
    throw new UserError(`${printable(path)} is damaged: its readings cannot be judged`, exitCodes.usage);
  }
}
