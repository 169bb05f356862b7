import { type GlyphPath, glyphPath, cell as size } from './glyph-path.ts';
import { coloursOf, page } from './palette.ts';
import type { Cell } from './terminal.ts';

const margin = 10;
const fonts = "'DejaVu Sans Mono', Menlo, Consolas, monospace";

/** Neighbouring cells of one look. */
interface Run {
  readonly cells: readonly Cell[];
  readonly column: number;
}

/** A picture of the cells of a terminal, the same on every machine but for the font of its letters. */
export function toSvg(rows: readonly (readonly Cell[])[], title: string): string {
  const width = Math.ceil((rows[0]?.length ?? 0) * size.width + 2 * margin);
  const height = rows.length * size.height + 2 * margin;
  const body = rows.flatMap((row, index) => runsOf(row).map((run) => drawRun(run, margin + index * size.height)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${page.background}"/>`,
    `<g font-family="${fonts}" font-size="${size.fontSize}" xml:space="preserve">`,
    ...body.filter((line) => line !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function runsOf(row: readonly Cell[]): readonly Run[] {
  const look = ({ text: _, ...style }: Cell) => JSON.stringify(style);
  return row.reduce<Run[]>((runs, cell, column) => {
    const last = runs.at(-1);
    const first = last?.cells[0];
    if (last && first && look(first) === look(cell)) runs[runs.length - 1] = { ...last, cells: [...last.cells, cell] };
    else runs.push({ cells: [cell], column });
    return runs;
  }, []);
}

function drawRun({ cells, column }: Run, top: number): string {
  const [first] = cells;
  if (first === undefined) return '';
  const left = (index: number) => margin + (column + index) * size.width;
  const { ink, paper } = coloursOf(first);
  const glyphs = cells.map((cell, index) => glyphPath(cell.text, left(index), top));
  const parts = [
    paper === page.background ? '' : drawPaper(paper, left(0), top, cells.length),
    drawPaths(glyphs.filter((glyph) => glyph !== undefined)),
    ...wordsOf(cells, glyphs).map(({ index, text }) => drawText(text, left(index), top, first)),
  ].join('');
  return parts === '' ? '' : `<g fill="${ink}" stroke="${ink}"${first.dim ? ' opacity=".6"' : ''}>${parts}</g>`;
}

function drawPaper(colour: string, left: number, top: number, columns: number): string {
  const width = (columns * size.width).toFixed(2);
  return `<rect x="${left.toFixed(2)}" y="${top}" width="${width}" height="${size.height}" fill="${colour}" stroke="none"/>`;
}

const attributes: Readonly<Record<GlyphPath['look'], string>> = {
  line: 'fill="none"',
  dot: 'fill="none" stroke-width="2.2" stroke-linecap="round"',
  area: 'stroke="none"',
};

function drawPaths(glyphs: readonly GlyphPath[]): string {
  const groups = Map.groupBy(
    glyphs,
    ({ look, opacity }) => `${attributes[look]}${opacity ? ` opacity="${opacity}"` : ''}`,
  );
  return [...groups]
    .map(([look, members]) => ({ look, path: members.map((glyph) => glyph.path).join('') }))
    .map(({ look, path }) => (path === '' ? '' : `<path ${look} d="${path}"/>`))
    .join('');
}

/** Stretches of characters that a font draws, split at blanks so that each is set where its own cells are. */
function wordsOf(cells: readonly Cell[], glyphs: readonly (GlyphPath | undefined)[]) {
  const words: { index: number; text: string }[] = [];
  cells.forEach((cell, index) => {
    if (cell.text === '' || cell.text === ' ' || glyphs[index]) return;
    const last = words.at(-1);
    if (last && last.index + last.text.length === index) last.text += cell.text;
    else words.push({ index, text: cell.text });
  });
  return words;
}

function drawText(text: string, left: number, top: number, { bold, underlined }: Cell): string {
  const weight = bold ? ' font-weight="bold"' : '';
  const line = underlined ? ' text-decoration="underline"' : '';
  const place = `x="${left.toFixed(2)}" y="${top + 13}" textLength="${(text.length * size.width).toFixed(2)}"`;
  return `<text ${place} stroke="none"${weight}${line}>${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  // What XML 1.0 cannot hold at all, not even escaped.
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
    .replaceAll(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
