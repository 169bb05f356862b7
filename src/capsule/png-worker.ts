import { parentPort, workerData } from 'node:worker_threads';
import { Resvg, type ResvgRenderOptions } from '@resvg/resvg-js';

/** What the thread is asked for. */
export interface PngRequest {
  readonly svg: string;
  readonly options: ResvgRenderOptions;
}

const { svg, options } = workerData as PngRequest;
const png = new Resvg(svg, options).render().asPng();
parentPort?.postMessage(png);
