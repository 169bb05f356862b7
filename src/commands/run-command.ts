import { closeSync, constants as fsConstants, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../session.ts';
import { attach } from './attach.ts';
import { catchSignals, type EndingSignal } from './catch-signals.ts';
import { exitCodeOfSignal } from './exit-code-of-signal.ts';
import { isInForeground } from './is-in-foreground.ts';
import type { WatchOptions } from './options.ts';
import { originalEnvironment } from './original-environment.ts';
import { createOutlets } from './outlets.ts';
import { writeReport } from './print-report.ts';
import { type GatedCommand, startAtGate } from './start-at-gate.ts';
import { hasScreen } from './terminal.ts';
import { exitCodes, UserError } from './user-error.ts';
import { watchLive } from './watch.ts';
import { whyNotStarted } from './why-not-started.ts';

/** `vdsotop -- CMD …`: starts a command, watches it from its first instruction to its end, keeps its exit status. */
export async function runCommand(command: readonly string[], options: WatchOptions): Promise<void> {
  const [name = ''] = command;
  const problem = whyNotStarted(name, originalEnvironment.PATH ?? '');
  if (problem !== undefined) throw new UserError(problem.message, problem.exitCode);
  if (options.perfTrace !== undefined && !hasScreen())
    throw new UserError(
      '--perf-trace counts on a live screen, and there is none here: leave it out, or watch the running command with -p PID',
      exitCodes.usage,
    );
  const output = hasScreen() ? openOutput(name) : undefined;
  const child = startAtGate(command, output?.descriptor);
  if (output !== undefined) closeSync(output.descriptor);
  try {
    await (output === undefined ? watchPlain(child, name, options) : watchOnScreen(child, name, options));
    const { code, signal } = await child.ended;
    process.exitCode = code ?? (signal === null ? 128 : exitCodeOfSignal(signal));
  } catch (error) {
    child.abandon();
    throw error;
  } finally {
    if (output !== undefined) tellOutput(output.path, child.hasBegun());
  }
}

/** The screen belongs to vdsotop, so what the command prints goes to a file that only its owner can read. */
function openOutput(command: string): { readonly path: string; readonly descriptor: number } {
  const path = join(tmpdir(), `vdsotop-${basename(command).replace(/[^\w.-]/g, '_')}-${process.pid}.log`);
  const flags = fsConstants.O_WRONLY | fsConstants.O_CREAT | fsConstants.O_EXCL | fsConstants.O_NOFOLLOW;
  return { path, descriptor: openSync(path, flags, 0o600) };
}

/** Of a command that never began there is none to tell of. */
function tellOutput(path: string, hasBegun: boolean): void {
  if (hasBegun) process.stdout.write(`output of the command: ${path}\n`);
  else unlinkSync(path);
}

async function watchPlain(child: GatedCommand, name: string, options: WatchOptions): Promise<void> {
  const release = catchSignals(
    (signal) => passOn(child, signal),
    () => child.kill('SIGTERM'),
  );
  try {
    await watchToItsEnd(child, await pidOf(child, name), options);
    await child.ended;
  } finally {
    release();
  }
}

/** Ctrl-C is sent by the terminal to the command too. */
function passOn(child: GatedCommand, signal: EndingSignal): void {
  if (signal === 'SIGINT' && child.pid !== undefined && isInForeground(child.pid)) return;
  child.kill(signal);
}

async function watchToItsEnd(child: GatedCommand, pid: number, options: WatchOptions): Promise<void> {
  const session = attach(pid, options, true);
  const outlets = createOutlets(session, options);
  try {
    await outlets.begin();
    await Promise.race([session.armed, child.ended]);
    // A signal ended it before it began.
    if (child.isOver()) return;
    child.begin();
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

async function watchOnScreen(child: GatedCommand, name: string, options: WatchOptions): Promise<void> {
  await watchLive(await pidOf(child, name), options, { startsWithExec: true, onArmed: child.begin });
  child.kill('SIGTERM');
}

async function pidOf(child: GatedCommand, name: string): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  await child.ended;
  throw new UserError(`'${name}' could not be started: /bin/sh is missing`, exitCodes.unsupported);
}
