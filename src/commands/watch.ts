import type { CommandFacts } from '../collect/process/read-command.ts';
import type { Report } from '../model/report.ts';
import { attach } from './attach.ts';
import type { WatchOptions } from './options.ts';
import { createOutlets } from './outlets.ts';
import { pickTarget } from './pick-target.ts';
import { printReport } from './print-report.ts';
import { runScreen } from './run-screen.ts';
import { hasScreen } from './terminal.ts';

/** `vdsotop [-p TARGET]`: the live screen; one plain report after two seconds where there is no screen. */
export async function watch(target: string | undefined, options: WatchOptions): Promise<void> {
  if (!hasScreen()) return printReport(target, { ...options, duration: 2_000, json: false });
  const found = await pickTarget(target);
  if (found === undefined) return;
  // Said on the primary screen, where it still stands when the live one is gone.
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  await watchLive(found.pid, options);
}

interface Start {
  readonly command: CommandFacts;
  /** Called when every kernel entry from now on is counted; not any more once the watching is over. */
  readonly onArmed: () => void;
}

/** Runs the live screen on a resolved pid until it is left, and leaves a summary where there is still a terminal. */
export async function watchLive(pid: number, options: WatchOptions, start?: Start): Promise<void> {
  // Loading it takes as long as pricing the paths does.
  const ui = import('../ui/render-live.tsx');
  const session = attach(pid, options, start?.command);
  let isOver = false;
  const failed = session.armed.then((): Promise<never> => {
    if (!isOver) start?.onArmed();
    return new Promise(() => {});
  });
  // Where it fails before the screen is there, that has an error of its own.
  failed.catch(() => {});
  const outlets = createOutlets(session, options);
  try {
    await outlets.begin();
    await ui;
    const left = await runScreen(session, options, outlets, failed);
    isOver = true;
    const files = await outlets.close();
    const report = session.report();
    if (left === 'left' && report !== undefined) await printSummary(report, files);
  } finally {
    isOver = true;
    await outlets.close();
    session.close();
  }
}

/** The alternate screen takes its last picture with it: what was found stays on the primary one. */
export async function printSummary(report: Report, files: readonly string[] = []): Promise<void> {
  const { exitSummary } = await import('../view/summary.ts');
  process.stdout.write(`${[...exitSummary(report), ...files].join('\n')}\n`);
}
