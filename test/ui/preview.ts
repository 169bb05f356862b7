// Prints screens as plain text for a person to look at:
//   node test/ui/preview.ts [frame|all] [columns rows] [mode] [symbols]
import { gridText, rowWidth } from '../../src/view/cells.ts';
import type { SymbolSet } from '../../src/view/drawing.ts';
import { buildScreen } from '../../src/view/screen.ts';
import { initialState, type Mode } from '../../src/view/screen-state.ts';
import { frames } from './frames.ts';

const [name = 'all', columns = '120', rows = '40', mode = 'overview', symbols = 'braille'] = process.argv.slice(2);
const { makeDrawing } = await import('../../src/ui/make-drawing.ts');
const chosen = Object.entries(frames).filter(([key]) => name === 'all' || key === name);
for (const [key, frame] of chosen) {
  const { grid } = buildScreen({
    frame,
    state: { ...initialState, mode: mode as Mode },
    columns: Number(columns),
    rows: Number(rows),
    drawing: makeDrawing(symbols as SymbolSet),
    glossary: frame.report.findings,
    toast: undefined,
    trace: undefined,
  });
  const widest = Math.max(...grid.map(rowWidth));
  process.stdout.write(
    `=== ${key} ${columns}x${rows} ${mode}: ${grid.length} rows, ${widest} columns\n${gridText(grid)}\n`,
  );
}
