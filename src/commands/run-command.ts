import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants as fsConstants, openSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';
import { attach } from './attach.ts';
import type { WatchOptions } from './options.ts';
import { originalEnvironment } from './original-environment.ts';
import { createOutlets } from './outlets.ts';
import { atGivenPriority } from './own-priority.ts';
import { writeReport } from './print-report.ts';
import { hasScreen } from './terminal.ts';
import { exitCodes, UserError } from './user-error.ts';
import { watchLive } from './watch.ts';
import { whyNotStarted } from './why-not-started.ts';

/** Waits for a line on descriptor 3, so that the counters are attached before the command's first instruction. */
const gate = 'read -r _ <&3 || exit 125; exec 3<&-; exec "$@"';

/** `vdsotop -- CMD …`: starts a command, watches it from its first instruction to its end, keeps its exit status. */
export async function runCommand(command: readonly string[], options: WatchOptions): Promise<void> {
  const problem = whyNotStarted(command[0] ?? '', originalEnvironment.PATH ?? '');
  if (problem !== undefined) throw new UserError(problem.message, problem.exitCode);
  const output = hasScreen() ? openOutput(command[0] ?? '') : undefined;
  const child = start(command, output?.descriptor);
  if (output !== undefined) closeSync(output.descriptor);
  const ended = endOf(child);
  if (child.pid === undefined) throw await notStarted(command[0] ?? '', ended);
  await (output === undefined ? watchPlain(child, child.pid, options) : watchOnScreen(child, child.pid, options));
  const { code, signal } = await ended;
  if (output !== undefined) process.stdout.write(`output of the command: ${output.path}\n`);
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** The screen belongs to vdsotop, so what the command prints goes to a file that only its owner can read. */
function openOutput(command: string): { readonly path: string; readonly descriptor: number } {
  const path = join(tmpdir(), `vdsotop-${basename(command).replace(/[^\w.-]/g, '_')}-${process.pid}.log`);
  const flags = fsConstants.O_WRONLY | fsConstants.O_CREAT | fsConstants.O_EXCL | fsConstants.O_NOFOLLOW;
  return { path, descriptor: openSync(path, flags, 0o600) };
}

function start(command: readonly string[], output: number | undefined): ChildProcess {
  const stdio =
    output === undefined
      ? (['inherit', 'inherit', 'inherit', 'pipe'] as const)
      : (['ignore', output, output, 'pipe'] as const);
  return atGivenPriority(() =>
    spawn('/bin/sh', ['-c', gate, 'sh', ...command], { stdio: [...stdio], env: originalEnvironment }),
  );
}

function open(child: ChildProcess): void {
  const line = child.stdio[3] as Writable;
  // A child that was killed at the gate does not read it; its end is told by its exit status.
  line.on('error', () => {});
  line.end('go\n');
}

async function watchPlain(child: ChildProcess, pid: number, options: WatchOptions): Promise<void> {
  const session = attach(pid, options, true);
  const outlets = createOutlets(session, options);
  try {
    await outlets.begin();
    await session.armed;
    open(child);
    await readEarly(session);
    await session.ended;
    // Standard output belongs to the command.
    const report = session.report();
    if (report !== undefined) await writeReport(report, false, process.stderr);
  } finally {
    await outlets.tell();
    session.close();
  }
}

/** A command may be over before the first tick: what it is must be read while it is there. */
async function readEarly(session: Session): Promise<void> {
  for (const afterMs of [2, 5, 20]) {
    await sleep(afterMs);
    await session.sampleNow();
  }
}

async function watchOnScreen(child: ChildProcess, pid: number, options: WatchOptions): Promise<void> {
  await watchLive(pid, options, { startsWithExec: true, onArmed: () => open(child) });
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
}

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: 127, signal: null }));
  });
}

async function notStarted(name: string, ended: Promise<unknown>): Promise<UserError> {
  await ended;
  return new UserError(`'${name}' could not be started: /bin/sh is missing`, exitCodes.unsupported);
}
