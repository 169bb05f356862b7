import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const builds = join(import.meta.dirname, '../../build/test-programs');
// Kernel headers for -m32: gcc-multilib's only other part here is a link to them, and no cross compiler can stand beside it.
const kernelHeaders = ['-idirafter', '/usr/include/x86_64-linux-gnu'];
const always = ['-std=gnu17', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE', '-pthread'];

/**
 * Path of test/programs/NAME.c compiled with the flags ('-static', '-m32' …) by `compiler` ('musl-gcc' …). What was
 * built before from the same text in the same way is used again; throws with the compiler's own words.
 */
export function buildProgram(name: string, flags: readonly string[] = [], compiler = 'gcc'): string {
  const source = join(import.meta.dirname, `${name}.c`);
  const args = [...always, ...flags, ...(flags.includes('-m32') ? kernelHeaders : [])];
  const recipe = JSON.stringify([readFileSync(source, 'utf8'), compiler, ...args]);
  const program = join(builds, `${name}-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`);
  if (existsSync(program)) return program;

  mkdirSync(builds, { recursive: true });
  // Renamed into place, so that a program that is there is whole, whoever else builds it at the same time.
  const unfinished = `${program}.${process.pid}`;
  execFileSync(compiler, [...args, '-o', unfinished, source], { stdio: ['ignore', 'pipe', 'pipe'] });
  renameSync(unfinished, program);
  return program;
}
