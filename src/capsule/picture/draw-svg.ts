import { cellSize } from './cell-size.ts';
import { escapeXml } from './escape-xml.ts';
import type { Picture } from './picture.ts';
import { svgLayers } from './svg-layers.ts';

const margin = 10;
/** textLength makes them all as wide as our cells. */
const fonts = "'DejaVu Sans Mono','JetBrains Mono',Menlo,Consolas,monospace";

/**
 * A picture as SVG, the same on every machine but for the font of its letters. `data` is what it keeps inside for
 * programs, an element as it stands.
 */
export function drawSvg(picture: Picture, data = ''): string {
  const width = picture.columns * cellSize.width + 2 * margin;
  const height = picture.rows.length * cellSize.height + 2 * margin;
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escapeXml(picture.title)}</title>`,
    `<desc>${escapeXml(picture.description)}</desc>`,
    ...(data === '' ? [] : [`<metadata>${data}</metadata>`]),
    `<rect width="${width}" height="${height}" rx="6" fill="${picture.background}"/>`,
    `<g font-family="${fonts}" font-size="${cellSize.font}">`,
    ...svgLayers(picture, margin),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
