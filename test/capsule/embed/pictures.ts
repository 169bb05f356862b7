import { withChunks } from '../../../src/capsule/embed/png-chunks.ts';
import { svgData } from '../../../src/capsule/embed/svg-data.ts';
import { drawSvg } from '../../../src/capsule/picture/draw-svg.ts';

/** A PNG of one white pixel. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==',
  'base64',
);

export const svgWith = (packed: string) =>
  Buffer.from(
    drawSvg(
      { columns: 4, rows: [[{ text: 'µ<&>', ink: '#ffffff' }]], background: '#000000', title: '', description: '' },
      svgData(packed),
    ),
  );

export const pngWith = (type: string, data: string | Buffer) =>
  withChunks(onePixel, [{ type, data: Buffer.from(data) }]);
