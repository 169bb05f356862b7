import type { Report } from '../model.ts';
import { startSession } from '../session.ts';
import type { WatchOptions } from './options.ts';
import { pickTarget } from './pick-target.ts';
import { printReport } from './print-report.ts';
import { defaultSymbols, hasScreen } from './terminal.ts';
import { version } from './version.ts';

/** `vdsotop [-p TARGET]`: the live screen; one plain report after two seconds where there is no screen. */
export async function watch(target: string | undefined, options: WatchOptions): Promise<void> {
  if (!hasScreen()) return printReport(target, { ...options, duration: 2_000, json: false });
  const pid = await pickTarget(target);
  if (pid === undefined) return;
  const report = await watchLive(pid.pid, options);
  if (report !== undefined) await printSummary(report);
}

interface Start {
  readonly startsWithExec: boolean;
  /** Called when every kernel entry from now on is counted. */
  readonly onArmed: () => void;
}

/** Runs the live screen on a resolved pid until the user leaves; returns the last judgement. */
export async function watchLive(pid: number, options: WatchOptions, start?: Start): Promise<Report | undefined> {
  const ui = import('../ui/render-live.tsx');
  const session = startSession({ ...sessionOptions(pid, options), startsWithExec: start?.startsWithExec ?? false });
  void session.armed.then(start?.onArmed);
  try {
    const { runLive } = await ui;
    await runLive(session, {
      symbols: options.symbols ?? defaultSymbols(),
      incremental: options.incremental,
      perfTraceSeconds: (options.perfTrace ?? 2_000) / 1_000,
      perfTraceForced: options.force,
    });
    return session.report();
  } finally {
    session.close();
  }
}

export function sessionOptions(pid: number, options: WatchOptions) {
  return {
    pid,
    counter: options.counter,
    children: options.children,
    intervalMs: options.interval,
    version,
    startsWithExec: false,
  };
}

/** The alternate screen takes its last picture with it: what was found stays on the primary one. */
export async function printSummary(report: Report): Promise<void> {
  const { exitSummary } = await import('../view/summary.ts');
  process.stdout.write(`${exitSummary(report).join('\n')}\n`);
}
