import { join } from 'node:path';
import { buildProgram } from '../../programs/build.ts';
import { startProgram } from './program.ts';
import { tool } from './tool.ts';

const compilers = {
  klibc: () => tool('libklibc-dev', '/usr/bin/klcc'),
  dietlibc: () => tool('dietlibc-dev', '/usr/bin/diet') && join(import.meta.dirname, 'diet-gcc'),
} as const;

/** test/programs/plain-reads.c, built for a small libc. */
export const plainReads = (libc: keyof typeof compilers, args: string) => () =>
  startProgram(buildProgram('plain-reads', [], compilers[libc]()), args.split(' '));
