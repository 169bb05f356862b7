import { closeSync, openSync } from 'node:fs';
import { readFromStart } from '../read-from-start.ts';
import { errorText } from '../reading.ts';
import { hasEnded, type ProcessStat, parseStat, readProcessStat } from './process-stat.ts';

/** 'exec': another program in the same process. 'reused': the process ended and another has its pid. */
export type IdentityChange = 'same' | 'exec' | 'ended' | 'reused';

export interface IdentityWatch {
  /** What happened since the last call, in a few microseconds. 'ended' and 'reused' are final. */
  check(): IdentityChange;
  close(): void;
}

/**
 * Watches that a pid stays the process and program it is now. Descriptors of /proc files belong to the process they were
 * opened for: once it is gone they answer ESRCH, whoever has the pid. exec is seen by where code, stack and data lie, or
 * by the size of the code where the addresses are another user's and hidden from us. What none of these tells, such as
 * the same program executed again with address randomisation off, counts as 'same'.
 */
export function watchIdentity(pid: number): IdentityWatch {
  const files = openFiles(pid);
  let before = files === 'gone' || files === undefined ? undefined : readImage(files);
  let end: IdentityChange | undefined = files === 'gone' || before === 'gone' ? 'ended' : undefined;
  let open = true;
  return {
    check() {
      if (end !== undefined || !open || files === undefined || files === 'gone') return end ?? 'same';
      const now = readImage(files);
      if (now === 'gone') {
        end = isReused(pid, before) ? 'reused' : 'ended';
        return end;
      }
      if (now === undefined || !isKnown(now)) return 'same';
      const change = isExec(before, now) ? 'exec' : 'same';
      before = change === 'exec' ? settle(files, now) : merge(now, before);
      return change;
    },
    close() {
      if (open && files !== undefined && files !== 'gone') for (const fd of [files.stat, files.statm]) closeSync(fd);
      open = false;
    },
  };
}

interface Files {
  readonly stat: number;
  readonly statm: number;
}

/** What tells one program from another in the same process. */
interface Image {
  readonly startTimeTicks: number;
  readonly image: ProcessStat['image'];
  /** Size of the code in pages, which needs no permission; undefined where there is no memory any more. */
  readonly codePages: string | undefined;
}

type Seen = ReturnType<typeof readImage>;

/** 'gone' when there is no such process; undefined when it cannot be told, as without a descriptor left. */
function openFiles(pid: number): Files | 'gone' | undefined {
  let stat: number | undefined;
  try {
    stat = openSync(`/proc/${pid}/stat`, 'r');
    return { stat, statm: openSync(`/proc/${pid}/statm`, 'r') };
  } catch (error) {
    if (stat !== undefined) closeSync(stat);
    return goneOrUnknown(error);
  }
}

/** The same of what the files say. */
function readImage(files: Files): Image | 'gone' | undefined {
  try {
    const stat = parseStat(readFromStart(files.stat));
    if (stat === undefined) return undefined;
    if (hasEnded(stat)) return 'gone';
    const codePages = readFromStart(files.statm).toString('latin1').split(' ')[3];
    const { startTimeTicks, image } = stat;
    return { startTimeTicks, image, codePages: codePages === '0' ? undefined : codePages };
  } catch (error) {
    return goneOrUnknown(error);
  }
}

function goneOrUnknown(error: unknown): 'gone' | undefined {
  return ['ENOENT', 'ESRCH'].includes(errorText(error)) ? 'gone' : undefined;
}

/** The main thread of a process that goes on without it has no image, and exec takes a moment to lay out a new one. */
function isKnown({ image, codePages }: Image): boolean {
  return image !== undefined || codePages !== undefined;
}

/** `now` is known. An image that was not there before has come by exec; one that was hidden shows by its size. */
function isExec(before: Seen, now: Image): boolean {
  if (before === undefined || before === 'gone') return false;
  if (!isKnown(before)) return true;
  if (before.image !== undefined && now.image !== undefined) return before.image !== now.image;
  return before.codePages !== undefined && now.codePages !== undefined && before.codePages !== now.codePages;
}

/** What cannot be seen at the moment is compared again when it can. */
function merge(now: Image, before: Seen): Image {
  if (before === undefined || before === 'gone') return now;
  return { ...now, image: now.image ?? before.image, codePages: now.codePages ?? before.codePages };
}

/** exec writes the addresses one after another: two equal reads are past that. */
function settle(files: Files, first: Image): Image {
  let before = first;
  for (let again = 0; again < 5; again += 1) {
    const now = readImage(files);
    if (now === undefined || now === 'gone' || (now.image === before.image && now.codePages === before.codePages))
      break;
    before = now;
  }
  return before;
}

function isReused(pid: number, before: Seen): boolean {
  const stat = readProcessStat(`/proc/${pid}`);
  if ('unavailable' in stat || before === undefined || before === 'gone') return false;
  return stat.value.startTimeTicks !== before.startTimeTicks;
}
