import { accessSync, constants } from 'node:fs';
import { extname, join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { PngOptions, PngOrder } from './png-worker.ts';

/** Twice the pixels of the SVG: sharp on every screen. */
const zoom = 2;

/**
 * resvg reads the file of a font again for every glyph, some four thousand times a picture: first the common letters, in
 * files of 20 kB, then the whole fonts for all others. Half of the time that it takes to lay out text.
 */
const fontFiles = [
  'DejaVuSansMono-common.ttf',
  'DejaVuSansMono-Bold-common.ttf',
  'DejaVuSansMono.ttf',
  'DejaVuSansMono-Bold.ttf',
];

/** A thread that draws PNGs: some 300 ms each, in which screen and sampling go on. */
export interface PngThread {
  /**
   * Rejects, with the reason, where there is no resvg for this machine (it is an optional package), no font, or no SVG;
   * the thread may have ended then.
   */
  render(svg: string): Promise<Uint8Array>;
  end(): void;
}

/** Starts it before there is anything to draw: loading resvg takes as long as preparing the picture. */
export function startPngThread(fonts = join(import.meta.dirname, 'fonts')): PngThread {
  const files = fontFiles.map((name) => join(fonts, name));
  const worker = new Worker(join(import.meta.dirname, `png-worker${extname(import.meta.filename)}`), {
    workerData: optionsWith(files),
  });
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the thread that draws it ended')));
  });
  // It may fail before anybody asks.
  failed.catch(() => {});
  // Nobody stays for a thread that has nothing to do.
  worker.unref();
  return {
    async render(svg) {
      // Without them resvg would draw the picture, and leave out all text.
      for (const file of files) accessSync(file, constants.R_OK);
      const { port1: answer, port2: reply } = new MessageChannel();
      const drawn = new Promise<Uint8Array>((resolve) => {
        answer.once('message', resolve);
      });
      worker.postMessage({ svg, reply } satisfies PngOrder, [reply]);
      try {
        return await Promise.race([drawn, failed]);
      } finally {
        answer.close();
      }
    },
    end: () => void worker.terminate(),
  };
}

/** The SVG as a PNG, in one step. */
export async function renderPng(svg: string, fonts?: string): Promise<Uint8Array> {
  const thread = startPngThread(fonts);
  try {
    return await thread.render(svg);
  } finally {
    thread.end();
  }
}

function optionsWith(files: readonly string[]): PngOptions {
  return {
    font: { loadSystemFonts: false, fontFiles: [...files], defaultFontFamily: 'DejaVu Sans Mono' },
    fitTo: { mode: 'zoom', value: zoom },
    logLevel: 'off',
  };
}
