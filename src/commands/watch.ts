import type { Report } from '../model.ts';
import { attach } from './attach.ts';
import type { WatchOptions } from './options.ts';
import { pickTarget } from './pick-target.ts';
import { printReport } from './print-report.ts';
import { defaultSymbols, hasScreen } from './terminal.ts';

/** `vdsotop [-p TARGET]`: the live screen; one plain report after two seconds where there is no screen. */
export async function watch(target: string | undefined, options: WatchOptions): Promise<void> {
  if (!hasScreen()) return printReport(target, { ...options, duration: 2_000, json: false });
  const found = await pickTarget(target);
  if (found === undefined) return;
  // Said on the primary screen, where it still stands when the live one is gone.
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  const report = await watchLive(found.pid, options);
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
  const session = attach(pid, options, start?.startsWithExec);
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

/** The alternate screen takes its last picture with it: what was found stays on the primary one. */
export async function printSummary(report: Report): Promise<void> {
  const { exitSummary } = await import('../view/summary.ts');
  process.stdout.write(`${exitSummary(report).join('\n')}\n`);
}
