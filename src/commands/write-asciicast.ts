import { closeSync, unlinkSync, writeSync } from 'node:fs';
import { rules } from '../analysis/rules/index.ts';
import { createPrivateFile } from '../capsule/create-private-file.ts';
import { type CastScreen, drawAsciicast } from '../capsule/picture/draw-asciicast.ts';
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
  writeLines(path, drawAsciicast(cast, screensOf(replay, symbols)));
}

function* screensOf(replay: Replay, symbols: NonNullable<ScreenChoices['symbols']>): Generator<CastScreen> {
  const drawing = makeDrawing(symbols);
  const glossary = rules.map(({ id, title }) => ({ id, title }));
  const looks = { state: initialState, ...size, drawing, glossary, toast: undefined, trace: undefined };
  for (const frame of replay.frames())
    yield { atMs: (frame.replay?.atSeconds ?? 0) * 1_000, grid: buildScreen({ ...looks, frame }).grid };
}

/** Written whole or not at all. */
function writeLines(path: string, lines: Iterable<string>): void {
  try {
    const descriptor = createPrivateFile(path, invokingUser());
    try {
      for (const line of lines) writeSync(descriptor, line);
    } catch (error) {
      unlinkSync(path);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw systemError(error, `${printable(path)} cannot be written`);
  }
}
