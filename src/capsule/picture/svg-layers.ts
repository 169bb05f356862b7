import { textWidth } from '../../view/printable.ts';
import { cellSize } from './cell-size.ts';
import { escapeXml } from './escape-xml.ts';
import type { GlyphShape, Rect } from './glyph-shape.ts';
import type { PaintedRun, Picture } from './picture.ts';
import { textPieces } from './text-pieces.ts';

/** What is drawn in one colour and weight: text elements, and path data by opacity. */
interface Layer {
  readonly texts: string[];
  readonly paths: Map<number, string>;
}

/** Layers by the attributes that they share, in the order they are painted. */
type Layers = Map<string, Layer>;

/** The cells of a picture as SVG elements, gathered by colour over the whole of it: papers below, ink above. */
export function svgLayers(picture: Picture, margin: number): readonly string[] {
  const papers: Layers = new Map();
  const inks: Layers = new Map();
  picture.rows.forEach((row, index) => {
    const top = margin + index * cellSize.height;
    let left = margin;
    for (const run of row) {
      const width = textWidth(run.text) * cellSize.width;
      if (run.paper !== undefined) addRect(layerOf(papers, `fill="${run.paper}"`), [left, top, width, cellSize.height]);
      drawText(layerOf(inks, attributesOf(run)), run.text, left, top);
      left += width;
    }
  });
  return [...papers, ...inks].map(([attributes, layer]) => elements(attributes, layer)).filter((text) => text !== '');
}

function layerOf(layers: Layers, attributes: string): Layer {
  const layer = layers.get(attributes) ?? { texts: [], paths: new Map() };
  layers.set(attributes, layer);
  return layer;
}

function attributesOf({ ink, bold, underlined }: PaintedRun): string {
  return `fill="${ink}"${bold ? ' font-weight="bold"' : ''}${underlined ? ' text-decoration="underline"' : ''}`;
}

function drawText(layer: Layer, text: string, left: number, top: number): void {
  for (const piece of textPieces(text)) {
    const x = left + piece.column * cellSize.width;
    if (piece.shape !== undefined) drawShape(layer, piece.shape, piece.columns, x, top);
    else layer.texts.push(textElement(piece.text, piece.columns, x, top + cellSize.baseline));
  }
}

function textElement(text: string, columns: number, x: number, y: number): string {
  return `<text x="${x}" y="${y}" textLength="${columns * cellSize.width}">${escapeXml(text)}</text>`;
}

/** The same shape `columns` times side by side; what reaches across its cell becomes one area. */
function drawShape(layer: Layer, { rects, opacity }: GlyphShape, columns: number, left: number, top: number): void {
  for (const [x, y, width, height] of rects) {
    const isWhole = width === cellSize.width;
    const times = isWhole ? 1 : columns;
    for (let time = 0; time < times; time++)
      addRect(layer, [left + x + time * cellSize.width, top + y, isWhole ? width * columns : width, height], opacity);
  }
}

function addRect({ paths }: Layer, [x, y, width, height]: Rect, opacity = 1): void {
  paths.set(opacity, `${paths.get(opacity) ?? ''}M${x} ${y}h${width}v${height}h-${width}z`);
}

function elements(attributes: string, { texts, paths }: Layer): string {
  const areas = [...paths].map(
    ([opacity, path]) => `<path${opacity === 1 ? '' : ` fill-opacity="${opacity}"`} d="${path}"/>`,
  );
  const all = [...areas, ...texts].join('');
  return all === '' ? '' : `<g ${attributes}>${all}</g>`;
}
