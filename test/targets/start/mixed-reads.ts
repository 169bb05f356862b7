import { buildProgram } from '../../programs/build.ts';
import type { Running } from '../target.ts';
import { type ProgramOptions, startProgram } from './program.ts';

export interface MixedReads extends ProgramOptions {
  readonly flags?: readonly string[];
  readonly compiler?: string;
  /** What runs it: 'valgrind', 'unshare' … with their arguments. */
  readonly under?: readonly string[];
}

// No frame pointers, as in what distributions ship: a caller can be found by unwinding only.
const always = ['-fomit-frame-pointer'];

/** test/programs/mixed-reads.c with these arguments, words apart. */
export function mixedReads(args: string, { flags = [], compiler, under = [], ...options }: MixedReads = {}) {
  return (): Promise<Running> => {
    const [path = '', ...rest] = [...under, buildProgram('mixed-reads', [...always, ...flags], compiler)];
    return startProgram(path, [...rest, ...args.split(' ')], options);
  };
}

/** The same that reads nothing before vdsotop counts, and then so often in all: both counts must agree. */
export function countedReads(count: number, args: string, options: MixedReads = {}) {
  return mixedReads(`--wait --count ${count} ${args}`, { ...options, go: 'SIGUSR1' });
}
