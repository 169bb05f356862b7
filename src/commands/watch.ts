import { constants } from 'node:os';
import { rules } from '../analysis/rules/index.ts';
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

/**
 * Runs the live screen on a resolved pid until it is left; returns the last judgement, or undefined when there is no
 * terminal any more to print it on. A signal becomes the exit code 128+n.
 */
export async function watchLive(pid: number, options: WatchOptions, start?: Start): Promise<Report | undefined> {
  const ui = import('../ui/render-live.tsx');
  const session = attach(pid, options, start?.startsWithExec);
  const failed = session.armed.then(start?.onArmed);
  try {
    const { runLive } = await ui;
    const reason = await Promise.race([runLive(session, liveOptions(options)), failed.then(forever)]);
    // What is typed from here on is the shell's.
    process.stdin.pause();
    if (reason.kind === 'signal') process.exitCode = 128 + constants.signals[reason.signal];
    const terminalLost = reason.kind === 'terminal-gone' || (reason.kind === 'signal' && reason.signal === 'SIGHUP');
    return terminalLost ? undefined : session.report();
  } finally {
    session.close();
  }
}

/** Only a failure to attach may end the screen before its user does. */
function forever(): Promise<never> {
  return new Promise(() => {});
}

function liveOptions(options: WatchOptions) {
  return {
    symbols: options.symbols ?? defaultSymbols(),
    incremental: options.incremental,
    perfTraceSeconds: (options.perfTrace ?? 2_000) / 1_000,
    perfTraceForced: options.force,
    glossary: rules.map(({ id, title }) => ({ id, title })),
  };
}

/** The alternate screen takes its last picture with it: what was found stays on the primary one. */
export async function printSummary(report: Report): Promise<void> {
  const { exitSummary } = await import('../view/summary.ts');
  process.stdout.write(`${exitSummary(report).join('\n')}\n`);
}
