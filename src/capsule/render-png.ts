import { accessSync, constants } from 'node:fs';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PngRequest } from './png-worker.ts';

/** Twice the pixels of the SVG: sharp on every screen. */
const zoom = 2;

const fontFiles = ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'];

/**
 * The SVG as a PNG, drawn on a thread of its own: it takes some 300 ms, in which screen and sampling go on. Rejects,
 * with the reason, where there is no resvg for this machine (it is an optional package) or the fonts are gone.
 */
export async function renderPng(svg: string, fonts = join(import.meta.dirname, 'fonts')): Promise<Uint8Array> {
  const files = fontFiles.map((name) => join(fonts, name));
  // Without them resvg would draw the picture, and leave out all text.
  for (const file of files) accessSync(file, constants.R_OK);
  const request: PngRequest = { svg, options: resvgOptions(files) };
  const worker = new Worker(join(import.meta.dirname, `png-worker${extname(import.meta.filename)}`), {
    workerData: request,
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that draws it ended')));
  });
}

function resvgOptions(fontFiles: readonly string[]): PngRequest['options'] {
  return {
    font: { loadSystemFonts: false, fontFiles: [...fontFiles], defaultFontFamily: 'DejaVu Sans Mono' },
    fitTo: { mode: 'zoom', value: zoom },
    logLevel: 'off',
  };
}
