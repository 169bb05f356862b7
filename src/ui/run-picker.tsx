import type { ProcessRow } from '../model/process-row.ts';
import type { SymbolSet } from '../view/drawing.ts';
import { Picker } from './Picker.tsx';
import type { ScreenStreams } from './screen-options.ts';
import { showOnScreen } from './show-on-screen.ts';

export interface PickerOptions extends ScreenStreams {
  /** @default 'braille' */
  readonly symbols?: SymbolSet;
}

const refreshMs = 2_000;

/** Lets a process be picked from `list` on the alternate screen; undefined when it is left without one. */
export async function runPicker(
  list: () => readonly ProcessRow[],
  initialFilter: string,
  options: PickerOptions = {},
): Promise<number | undefined> {
  const picker = (
    <Picker list={list} initialFilter={initialFilter} symbols={options.symbols ?? 'braille'} refreshMs={refreshMs} />
  );
  return (await showOnScreen(picker, options)) as number | undefined;
}
