import { extname } from 'node:path';
import { rules } from '../analysis/rules/index.ts';
import type { Share } from '../capsule/create-share.ts';
import { type ShareFormat, shareFormats } from '../capsule/share-formats.ts';
import type { Capsule } from '../model/capsule.ts';
import type { Frame } from '../model/frame.ts';
import type { Session } from '../session.ts';
import { formatBytes } from '../view/format.ts';
import { printable } from '../view/printable.ts';
import { initialState } from '../view/screen-state.ts';
import { saveFile } from './save-files.ts';
import { takeShare } from './take-share.ts';
import { exitCodes, UserError } from './user-error.ts';
import { type TimedWatch, watchWithoutScreen } from './watch-without-screen.ts';
import { whyNoPng } from './why-no-png.ts';

export interface SnapshotOptions extends TimedWatch {
  /** Files, each in the format that its name ends with. */
  readonly output?: readonly string[];
  /** File to draw instead of a process. */
  readonly from?: string;
}

interface Wanted {
  readonly path: string;
  readonly format: ShareFormat;
}

/** `vdsotop snapshot`: watches for the duration and saves the screen, as pictures and as text, without a terminal. */
export async function snapshot(options: SnapshotOptions): Promise<void> {
  const wanted = (options.output ?? []).map(wantedOf);
  if (wanted.length === 0)
    throw new UserError(`nothing to save: name a file with -o, ending in .${shareFormats.join(' .')}`, exitCodes.usage);
  const save = async (session: Pick<Session, 'capsule' | 'frame'>) => {
    const [capsule, frame] = [session.capsule(), session.frame()];
    if (capsule !== undefined && frame !== undefined) await saveAll(wanted, shareOf(capsule, frame, options));
  };
  if (options.from === undefined)
    return watchWithoutScreen(options.pid, options, { makes: 'screen', tell: (_, session) => save(session) });
  const { openReplay } = await import('./open-replay.ts');
  const replay = await openReplay(options.from);
  await save(replay);
  replay.close();
}

function shareOf(capsule: Capsule, frame: Frame, options: SnapshotOptions): Share {
  const glossary = rules.map(({ id, title }) => ({ id, title }));
  const sight = { frame, state: initialState, trace: undefined, glossary };
  return takeShare(capsule, sight, { ...options, symbols: options.symbols ?? 'braille' });
}

/** Everything is drawn before anything is written. */
async function saveAll(wanted: readonly Wanted[], share: Share): Promise<void> {
  const contents = await Promise.all(wanted.map(async (file) => ({ ...file, content: await render(file, share) })));
  for (const { path, content } of contents) {
    saveFile(path, content);
    process.stdout.write(`saved ${printable(path)} (${formatBytes(Buffer.byteLength(content))})\n`);
  }
}

async function render({ path, format }: Wanted, share: Share): Promise<string | Uint8Array> {
  try {
    return await share.render(format);
  } catch (error) {
    if (format !== 'png') throw error;
    throw new UserError(
      `${printable(path)} cannot be drawn: ${whyNoPng(error).message}; SVG needs nothing`,
      exitCodes.unsupported,
    );
  }
}

function wantedOf(path: string): Wanted {
  const ending = extname(path).slice(1).toLowerCase();
  const format = shareFormats.find((one) => one === ending);
  if (format === undefined)
    throw new UserError(
      `-o '${printable(path)}' cannot be used: its name must end in .${shareFormats.join(' .')}`,
      exitCodes.usage,
    );
  return { path, format };
}
