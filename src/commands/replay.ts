import type { Replay } from '../session/replay.ts';
import { openReplay } from './open-replay.ts';
import { writeReport } from './print-report.ts';
import { runScreen, type ScreenChoices } from './run-screen.ts';
import { hasScreen } from './terminal.ts';

export interface ReplayOptions extends ScreenChoices {
  readonly json: boolean;
}

/** `vdsotop replay FILE`: the live screen on what was saved; its report where there is no screen. */
export async function replay(path: string, options: ReplayOptions): Promise<void> {
  const session = await openReplay(path);
  try {
    if (hasScreen() && !options.json) await runScreen(session, options);
    else await reportOf(session, options.json);
  } finally {
    session.close();
  }
}

/** `vdsotop report --from FILE`. */
export async function reportFrom(path: string, json: boolean): Promise<void> {
  const session = await openReplay(path);
  await reportOf(session, json);
  session.close();
}

async function reportOf(session: Replay, json: boolean): Promise<void> {
  const report = session.report();
  if (report !== undefined) await writeReport(report, json);
}
