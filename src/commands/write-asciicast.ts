import { rules } from '../analysis/rules/index.ts';
import { type CastScreen, drawAsciicast } from '../capsule/picture/draw-asciicast.ts';
import { writePrivateFile } from '../capsule/write-private-file.ts';
import type { Replay } from '../session/replay.ts';
import { makeDrawing } from '../ui/make-drawing.ts';
import { printable } from '../view/printable.ts';
import { buildScreen } from '../view/screen.ts';
import { initialState } from '../view/screen-state.ts';
import { invokingUser } from './invoking-user.ts';
import type { ScreenChoices } from './run-screen.ts';
import { systemError } from './system-error.ts';

const size = { columns: 120, rows: 40 } as const;

/** `vdsotop replay FILE --asciicast OUT`: the whole replay as it plays on the screen, for players of terminal sessions. */
export function writeAsciicast(replay: Replay, path: string, { symbols = 'braille' }: ScreenChoices): void {
  const { header, snapshots } = replay.capsule();
  const { pid, comm } = header.target;
  const title = `vdsotop: ${typeof comm === 'string' ? printable(comm) : 'process'} (pid ${pid})`;
  const cast = { ...size, title, startedAtMs: snapshots[0]?.atMs ?? 0 };
  try {
    writePrivateFile(path, drawAsciicast(cast, screensOf(replay, symbols)), invokingUser());
  } catch (error) {
    throw systemError(error, `${printable(path)} cannot be written`);
  }
}

function* screensOf(replay: Replay, symbols: NonNullable<ScreenChoices['symbols']>): Generator<CastScreen> {
  const drawing = makeDrawing(symbols);
  const glossary = rules.map(({ id, title }) => ({ id, title }));
  const looks = { state: initialState, ...size, drawing, glossary, toast: undefined, trace: undefined };
  for (const frame of replay.frames())
    yield { atMs: (frame.replay?.atSeconds ?? 0) * 1_000, grid: buildScreen({ ...looks, frame }).grid };
}
