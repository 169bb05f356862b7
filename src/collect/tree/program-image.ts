import { statSync } from 'node:fs';
import { readProcessStat } from '../process/process-stat.ts';

/** Which program a process runs at a moment, without what tells how: read in some 30 µs. */
export interface ProgramImage {
  readonly comm: string;
  /** The same for a process and those that it forked, until one of them calls exec: addresses are random, files differ. */
  readonly key: string;
  /** Of this process alone: it is another one's when the pid is given away. */
  readonly stamp: string;
}

/** Undefined where the process is gone, hidden from us, or amid an exec. */
export function readProgramImage(pid: number): ProgramImage | undefined {
  const stat = readProcessStat(`/proc/${pid}`);
  if ('unavailable' in stat || stat.value.image === undefined) return undefined;
  const { comm, image, startTimeTicks } = stat.value;
  const key = `${fileOf(pid)} ${image}`;
  return { comm, key, stamp: `${startTimeTicks} ${key}` };
}

function fileOf(pid: number): string {
  try {
    const { dev, ino } = statSync(`/proc/${pid}/exe`, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return '';
  }
}
