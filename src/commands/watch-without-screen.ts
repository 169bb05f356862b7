import type { Report } from '../model/report.ts';
import type { Session } from '../session.ts';
import { attach } from './attach.ts';
import { catchSignals, type EndingSignal } from './catch-signals.ts';
import { exitCodeOfSignal } from './exit-code-of-signal.ts';
import type { WatchOptions } from './options.ts';
import { createOutlets } from './outlets.ts';
import { pickTarget } from './pick-target.ts';
import { tracePerf } from './trace-perf.ts';
import { exitCodes, UserError } from './user-error.ts';
import { watchFor } from './watch-for.ts';

export interface TimedWatch extends WatchOptions {
  /** Milliseconds. */
  readonly duration: number;
}

/** What becomes of what was seen. */
export interface Telling {
  /** What it makes of it, for the sentence that says why there is not more of it. */
  readonly makes: 'report' | 'screen';
  readonly tell: (report: Report, session: Session) => Promise<void>;
}

/**
 * Watches for the duration and tells what was seen; also when the target ends before, which ends with 3, or when a
 * signal does, which ends with 128+n.
 */
export async function watchWithoutScreen(
  target: string | undefined,
  options: TimedWatch,
  telling: Telling,
): Promise<void> {
  const found = await pickTarget(target);
  if (found === undefined) return;
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  const came = Promise.withResolvers<void>();
  let signal: EndingSignal | undefined;
  const release = catchSignals((first) => {
    signal ??= first;
    came.resolve();
  });
  try {
    await watch(found.pid, options, telling, { came: came.promise, signal: () => signal });
    if (signal !== undefined) process.exitCode = exitCodeOfSignal(signal);
  } finally {
    release();
  }
}

interface Interruption {
  readonly came: Promise<void>;
  readonly signal: () => EndingSignal | undefined;
}

async function watch(pid: number, options: TimedWatch, { makes, tell }: Telling, { came, signal }: Interruption) {
  const session = attach(pid, options);
  const outlets = createOutlets(session, options);
  try {
    await outlets.begin();
    await watchFor(session, options.duration, came);
    const report = session.report();
    if (report === undefined) throw nothingSeen(pid, signal());
    await tell(report, session);
    if (report.target.ended || signal() !== undefined) return sayWhyNoMore(report, makes, signal());
    if (options.perfTrace !== undefined) await tracePerf(session, options.perfTrace / 1_000, options.force, came);
  } finally {
    await outlets.tell();
    session.close();
  }
}

function nothingSeen(pid: number, signal: EndingSignal | undefined): UserError {
  if (signal === undefined)
    return new UserError(`process ${pid} ended before it could be watched`, exitCodes.noProcess);
  return new UserError(`${signal} came before process ${pid} could be watched`, exitCodeOfSignal(signal));
}

function sayWhyNoMore({ target, coverage }: Report, makes: Telling['makes'], signal: EndingSignal | undefined): void {
  const after = `after ${coverage.watchedSeconds.toFixed(1)} s`;
  if (target.ended) {
    process.stderr.write(`vdsotop: the target ended ${after}; this is its last ${makes}\n`);
    process.exitCode = exitCodes.noProcess;
  } else process.stderr.write(`vdsotop: ended by ${signal} ${after}; this is the ${makes} so far\n`);
}
