import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';
import { pngOfPixels } from './embed/png-of-pixels.ts';

/** What the thread is told when it is started. */
export type PngOptions = ResvgRenderOptions;

/** What it is asked; the answer, a PNG, goes to the port. What resvg does not understand ends the thread. */
export interface PngOrder {
  readonly svg: string;
  readonly reply: MessagePort;
}

parentPort?.on('message', async ({ svg, reply }: PngOrder) => {
  reply.postMessage(await pngOfPixels(new Resvg(svg, workerData as PngOptions).render()));
});
