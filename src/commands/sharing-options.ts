import { InvalidArgumentError, Option } from 'commander';
import type { ThemeName } from '../capsule/picture/picture-theme.ts';
import type { SymbolSet } from '../view/drawing.ts';
import type { ClipboardWay } from './copy-text.ts';

/** How pictures are drawn, and where what is saved and copied goes. */
export interface PictureOptions {
  readonly columns: number;
  readonly theme: ThemeName;
  readonly symbols?: SymbolSet;
  /** Leaves in what is saved what it hides otherwise. */
  readonly showHost: boolean;
}

export interface SharingOptions extends PictureOptions {
  /** Folder. */
  readonly out: string;
  readonly clipboard: ClipboardWay;
}

const columns = { least: 40, most: 400 } as const;

/** How a picture looks, whatever window vdsotop runs in. */
export const pictureOptions: readonly Option[] = [
  new Option('--columns <n>', `width of saved pictures, from ${columns.least} to ${columns.most}`)
    .default(120)
    .argParser(columnsOf),
  new Option('--theme <name>', 'page of saved pictures').choices(['dark', 'light']).default('dark'),
];

export const sharingOptions: readonly Option[] = [
  new Option('--out <folder>', 'where the keys S, y and R, and --trigger, save').default('.'),
  ...pictureOptions,
  new Option('--clipboard <way>', 'how the key y copies: by the terminal, by a program, both or neither')
    .choices(['auto', 'osc52', 'native', 'off'])
    .default('auto'),
];

function columnsOf(text: string): number {
  const count = /^\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (count >= columns.least && count <= columns.most) return count;
  throw new InvalidArgumentError(
    `--columns '${text}' cannot be used: expected a number from ${columns.least} to ${columns.most}`,
  );
}
