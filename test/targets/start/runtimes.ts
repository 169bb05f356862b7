import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo } from '../../programs/build-go.ts';
import type { Running } from '../target.ts';
import { startProgram } from './program.ts';
import { tool } from './tool.ts';

const programs = join(import.meta.dirname, '../../programs');
const builds = join(import.meta.dirname, '../../../build/test-programs');

/** test/programs/now.go, linked statically as Go does without cgo. */
export const goProgram = async (): Promise<Running> => startProgram(buildGo(tool('golang-go', '/usr/bin/go')), []);

/** test/programs/ThreadCpuTime.java, compiled; the smallest machine that runs it. */
export function javaProgram(): Promise<Running> {
  mkdirSync(builds, { recursive: true });
  const compiler = tool('openjdk-17-jdk-headless', '/usr/bin/javac');
  execFileSync(compiler, ['-d', builds, join(programs, 'ThreadCpuTime.java')], { stdio: 'pipe' });
  const machine = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx32m', '-cp', builds, 'ThreadCpuTime'];
  return startProgram(tool('openjdk-17-jre-headless', '/usr/bin/java'), machine, { settleMs: 1_500 });
}

/** test/programs/thread_time.py by Debian's own Python. */
export const pythonProgram = (): Promise<Running> =>
  startProgram(tool('python3-minimal', '/usr/bin/python3'), [join(programs, 'thread_time.py')]);
