import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { readBytes } from '../read-file.ts';
import { available, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';

/** /proc/PID/stat, the fields in use; numbered in proc_pid_stat(5), written by do_task_stat of fs/proc/array.c. */
export interface ProcessStat {
  readonly comm: string;
  /** One letter; 'Z' also for a main thread that has exited while others run. */
  readonly state: string;
  readonly parentPid: number;
  readonly kernelThread: boolean;
  readonly threadCount: number;
  /** User + system time of all threads, those that have exited among them; clock ticks. */
  readonly cpuTicks: number;
  /** The same of its children that have ended and been waited for, and of theirs. */
  readonly childCpuTicks: number;
  readonly startTimeTicks: number;
  /**
   * Where the program image and stack lie, as one word. exec changes it: addresses are random, and another program has
   * other sizes. undefined without ptrace read access, without memory, and while exec is still laying the image out.
   */
  readonly image: string | undefined;
}

/** PF_KTHREAD of include/linux/sched.h. */
const kernelThreadFlag = 0x0020_0000;

export function readProcessStat(directory: string): Reading<ProcessStat> {
  const path = `${directory}/stat`;
  try {
    const stat = parseStat(readBytes(path));
    return stat === undefined ? unavailable('failed', `${path} is not as expected`) : available(stat, path);
  } catch (error) {
    return processFailure(path, error);
  }
}

/** The name stands in brackets and may hold brackets, spaces and line breaks: fields are counted from the last one. */
export function parseStat(bytes: Buffer): ProcessStat | undefined {
  const open = bytes.indexOf('(');
  const close = bytes.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = bytes
    .toString('latin1', close + 2)
    .trim()
    .split(' ');
  const field = (number: number) => fields[number - 3] ?? '';
  if (field(22) === '') return undefined;
  return {
    comm: cleanText(bytes.subarray(open + 1, close), 64),
    state: field(3),
    parentPid: Number(field(4)),
    kernelThread: (Number(field(9)) & kernelThreadFlag) !== 0,
    threadCount: Number(field(20)),
    cpuTicks: Number(field(14)) + Number(field(15)),
    childCpuTicks: Number(field(16)) + Number(field(17)),
    startTimeTicks: Number(field(22)),
    image: imageOf(field),
  };
}

/**
 * start and end of code (26, 27), stack (28), start and end of data (45, 46), heap (47). Not the arguments: programs
 * move those to set their title. Without access code is 1 and the stack 0; exec sets code last (load_elf_binary).
 */
function imageOf(field: (number: number) => string): string | undefined {
  if (['0', ''].includes(field(26)) || ['0', ''].includes(field(28))) return undefined;
  return [26, 27, 28, 45, 46, 47].map(field).join(' ');
}

/** Whether nothing of the process runs any more. A main thread that has exited alone is a zombie too, with company. */
export function hasEnded(stat: ProcessStat): boolean {
  return (stat.state === 'Z' || stat.state === 'X') && stat.threadCount <= 1;
}
