import { parentPort, workerData } from 'node:worker_threads';
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';

/** What the thread is told when it is started; the SVG comes as a message. */
export type PngOptions = ResvgRenderOptions;

parentPort?.once('message', (svg: string) => {
  parentPort?.postMessage(new Resvg(svg, workerData as PngOptions).render().asPng());
});
