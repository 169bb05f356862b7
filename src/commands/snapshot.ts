import { extname } from 'node:path';
import { rules } from '../analysis/rules/index.ts';
import type { Share } from '../capsule/create-share.ts';
import { type ShareFormat, shareFormats } from '../capsule/share-formats.ts';
import type { Capsule } from '../model/capsule.ts';
import type { Frame } from '../model/frame.ts';
import { formatBytes } from '../view/format.ts';
import { printable } from '../view/printable.ts';
import { initialState } from '../view/screen-state.ts';
import { attach } from './attach.ts';
import type { WatchOptions } from './options.ts';
import { pickTarget } from './pick-target.ts';
import { saveFile } from './save-files.ts';
import { takeShare } from './take-share.ts';
import { exitCodes, UserError } from './user-error.ts';
import { watchFor } from './watch-for.ts';
import { whyNoPng } from './why-no-png.ts';

export interface SnapshotOptions extends WatchOptions {
  /** Milliseconds. */
  readonly duration: number;
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
  const moment = options.from === undefined ? await watched(options) : await saved(options.from);
  if (moment === undefined) return;
  const { capsule, frame } = moment;
  const glossary = rules.map(({ id, title }) => ({ id, title }));
  const sight = { frame, state: initialState, trace: undefined, glossary };
  const share = takeShare(capsule, sight, { ...options, symbols: options.symbols ?? 'braille' });
  await saveAll(wanted, share);
  if (options.from === undefined && frame.report.target.ended) process.exitCode = exitCodes.noProcess;
}

interface Moment {
  readonly capsule: Capsule;
  readonly frame: Frame;
}

async function watched(options: SnapshotOptions): Promise<Moment | undefined> {
  const found = await pickTarget(options.pid);
  if (found === undefined) return undefined;
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  const session = attach(found.pid, options);
  try {
    await watchFor(session, options.duration);
    const [capsule, frame] = [session.capsule(), session.frame()];
    if (capsule === undefined || frame === undefined)
      throw new UserError(`process ${found.pid} ended before it could be watched`, exitCodes.noProcess);
    return { capsule, frame };
  } finally {
    session.close();
  }
}

async function saved(path: string): Promise<Moment | undefined> {
  const { openReplay } = await import('./open-replay.ts');
  const replay = await openReplay(path);
  const [capsule, frame] = [replay.capsule(), replay.frame()];
  replay.close();
  return frame && { capsule, frame };
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
