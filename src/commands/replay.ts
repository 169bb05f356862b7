import type { Replay } from '../session/replay.ts';
import { openReplay } from './open-replay.ts';
import { writeReport } from './print-report.ts';
import { runScreen, type ScreenChoices } from './run-screen.ts';
import { createSharing } from './sharing.ts';
import type { SharingOptions } from './sharing-options.ts';
import { hasScreen } from './terminal.ts';
import { writeAsciicast } from './write-asciicast.ts';

export interface ReplayOptions extends ScreenChoices, SharingOptions {
  readonly json: boolean;
  /** File to write the screen to, as an asciicast. */
  readonly asciicast?: string;
}

/** `vdsotop replay FILE`: the live screen on what was saved; its report where there is no screen. */
export async function replay(path: string, options: ReplayOptions): Promise<void> {
  const session = await openReplay(path);
  try {
    if (options.asciicast !== undefined) writeAsciicast(session, options.asciicast, options);
    else if (hasScreen() && !options.json) await show(session, options);
    else await reportOf(session, options.json);
  } finally {
    session.close();
  }
}

async function show(session: Replay, options: ReplayOptions): Promise<void> {
  const written: string[] = [];
  const sharing = createSharing(session, options, (sentence) => written.push(sentence));
  const notRecorded = async () => 'a replay is not recorded: it is a file already';
  const left = await runScreen(session, options, {
    ...sharing.keys,
    recording: () => undefined,
    toggleRecording: notRecorded,
  });
  await sharing.finish();
  if (left === 'left') process.stdout.write(written.map((sentence) => `${sentence}\n`).join(''));
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
