import { hostname } from 'node:os';
import { extname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shareFileName } from '../capsule/picture/share-file-name.ts';
import type { Capsule } from '../model/capsule.ts';
import { clockLookedAt } from '../view/clock-looked-at.ts';
import { clockRows } from '../view/clock-rows.ts';
import type { ScreenOutlets } from '../view/outlets.ts';
import { printable } from '../view/printable.ts';
import type { Sight } from '../view/still.ts';
import type { Toast } from '../view/toast.ts';
import { copiedText } from './copied-text.ts';
import type { BundleDrawer } from './draw-bundle.ts';
import { saveFiles } from './save-files.ts';
import type { SharingOptions } from './sharing-options.ts';

/** What can be saved and copied: a live session or a replay. */
interface Source {
  capsule(): Capsule | undefined;
}

export interface Sharing {
  readonly keys: Pick<ScreenOutlets, 'save' | 'copy'>;
  /** Settles when what is under way is written. What fails from now on is told as what is written is: no toast shows it. */
  finish(): Promise<void>;
}

/**
 * The keys that save and copy what is looked at. Both answer with a sentence, whatever happens. `wrote` hears of every
 * file, for who has left the screen.
 */
export function createSharing(source: Source, options: SharingOptions, wrote: (sentence: string) => void): Sharing {
  const { out } = options;
  const choices = { ...options, symbols: options.symbols ?? 'braille' };
  let drawer: BundleDrawer | undefined;
  const underWay = new Set<Promise<Toast>>();
  let isFinishing = false;
  const attempt = async (work: () => Promise<Toast>): Promise<Toast> => {
    try {
      return await work();
    } catch (error) {
      const text = printable(error instanceof Error ? error.message : String(error));
      if (isFinishing) wrote(text);
      return { text };
    }
  };
  const answering = (work: () => Promise<Toast>): Promise<Toast> => {
    const answer = attempt(work).finally(() => underWay.delete(answer));
    underWay.add(answer);
    return answer;
  };
  const keys: Sharing['keys'] = {
    save: (sight) =>
      answering(async () => {
        const capsule = capsuleOf(source);
        // What draws and packs is loaded for those who save.
        drawer ??= (await import('./draw-bundle.ts')).createBundleDrawer();
        const { files, missing } = await drawer.draw(capsule, sight, choices);
        const paths = saveFiles(out, nameOf(sight), files);
        const [first = '', ...others] = paths;
        const text = `saved ${shown(first)}, ${others.map((path) => extname(path)).join(' and ')}${missing}`;
        wrote(text);
        return { text, link: linkTo(first) };
      }),
    copy: (kind, sight) =>
      answering(async () => {
        const capsule = capsuleOf(source);
        const { takeShare } = await import('./take-share.ts');
        const { ending, content, kept } = await copiedText(kind, takeShare(capsule, sight, choices), capsule, choices);
        const [path = ''] = saveFiles(out, nameOf(sight), [{ ending, content: kept ?? content }]);
        wrote(`saved ${shown(path)}`);
        const { copyText } = await import('./copy-text.ts');
        const copied = await copyText(content, options.clipboard, (bytes) => process.stdout.write(bytes));
        return { text: `${copied}; saved ${shown(path)}`, link: linkTo(path) };
      }),
  };
  return {
    keys,
    async finish() {
      isFinishing = true;
      await Promise.all(underWay);
    },
  };
}

function capsuleOf(source: Source): Capsule {
  const capsule = source.capsule();
  if (capsule === undefined) throw new Error('nothing has been measured yet');
  return capsule;
}

function nameOf({ frame: { report }, state }: Sight): string {
  const { target, at } = report;
  const clock = clockLookedAt(clockRows(report), state.selected)?.name;
  return shareFileName({ pid: target.pid, comm: target.comm, at, ...(clock !== undefined && { clock }) });
}

/** As short as it is right: from the folder one is in, where it lies below. */
function shown(path: string): string {
  const fromHere = relative('', path);
  return printable(fromHere.startsWith('..') ? resolve(path) : fromHere);
}

/** With the host's name, so that a terminal elsewhere does not take it for a file of its own. */
function linkTo(path: string): string {
  const url = pathToFileURL(resolve(path));
  return url.href.replace('file://', `file://${encodeURIComponent(hostname())}`);
}
