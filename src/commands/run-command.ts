import { setTimeout as sleep } from 'node:timers/promises';
import { getSystemErrorMessage } from 'node:util';
import { type CommandFacts, readCommand } from '../collect/process/read-command.ts';
import type { Session } from '../session.ts';
import { attach } from './attach.ts';
import { catchSignals, type EndingSignal } from './catch-signals.ts';
import { exitCodeOfSignal } from './exit-code-of-signal.ts';
import { findCommand } from './find-command.ts';
import { isInForeground } from './is-in-foreground.ts';
import { type CommandOutput, openCommandOutput } from './open-command-output.ts';
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
      '--perf-trace needs a live screen here, to ask first: leave it out, or run report -p PID --perf-trace beside the running command',
      exitCodes.usage,
    );
  const facts = readCommand(command, findCommand(name, originalEnvironment.PATH ?? '') ?? name);
  const output = hasScreen() ? openCommandOutput(name) : undefined;
  const child = await start(command, output);
  try {
    await (output === undefined ? watchPlain(child, facts, options) : watchOnScreen(child, facts, output, options));
    const { code, signal } = await child.ended;
    process.exitCode = code ?? (signal === null ? 128 : exitCodeOfSignal(signal));
  } catch (error) {
    child.abandon();
    throw error;
  }
}

async function start(command: readonly string[], output: CommandOutput | undefined): Promise<GatedCommand> {
  try {
    return await startAtGate(command, output?.descriptor);
  } catch (error) {
    output?.discard();
    throw shellError(error, command[0] ?? '');
  } finally {
    output?.close();
  }
}

/** What is there and may be run is not what failed: it is the shell that holds it at the gate. */
function shellError(error: unknown, name: string): unknown {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === undefined || errno === undefined) return error;
  const why = code === 'ENOENT' ? 'it is missing' : `${getSystemErrorMessage(errno)} (${code})`;
  return new UserError(`'${name}' could not be started by /bin/sh: ${why}`, exitCodes.unsupported);
}

async function watchPlain(child: GatedCommand, facts: CommandFacts, options: WatchOptions): Promise<void> {
  const release = catchSignals(
    (signal) => passOn(child, signal),
    () => child.kill('SIGTERM'),
  );
  try {
    await watchToItsEnd(child, facts, options);
    await child.ended;
  } finally {
    release();
  }
}

/** Ctrl-C is sent by the terminal to the command too. */
function passOn(child: GatedCommand, signal: EndingSignal): void {
  if ((signal === 'SIGINT' && isInForeground(child.pid)) || child.kill(signal)) return;
  process.stderr.write(
    `vdsotop: ${signal} may not be passed on: ${notOurs(child)}; a second SIGINT or SIGTERM ends vdsotop alone\n`,
  );
}

function notOurs({ pid }: GatedCommand): string {
  return `the command (pid ${pid}) is another user's by now, and goes on`;
}

async function watchToItsEnd(child: GatedCommand, facts: CommandFacts, options: WatchOptions): Promise<void> {
  const session = attach(child.pid, options, facts);
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

/** Where its output is, is told before it is waited for: that may be long. */
async function watchOnScreen(
  child: GatedCommand,
  command: CommandFacts,
  output: CommandOutput,
  options: WatchOptions,
): Promise<void> {
  try {
    await watchLive(child.pid, options, { command, onArmed: child.begin });
  } finally {
    // Of a command that never began there is none to tell of.
    if (child.hasBegun()) process.stdout.write(`output of the command: ${output.path}\n`);
    else output.discard();
  }
  if (!child.isOver()) askToEnd(child);
}

function askToEnd(child: GatedCommand): void {
  const asked = child.kill('SIGTERM');
  const done = asked
    ? `SIGTERM was sent to the command (pid ${child.pid})`
    : `SIGTERM may not be sent: ${notOurs(child)}`;
  const said = child.hasBegun() ? `${done}; waiting for its end, Ctrl-C waits no longer` : 'the command never began';
  process.stdout.write(`vdsotop: ${said}\n`);
}
