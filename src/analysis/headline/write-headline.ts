import { fastHeadline } from './fast-headline.ts';
import { idleHeadline } from './idle-headline.ts';
import type { Scene } from './scene.ts';
import { slowHeadline } from './slow-headline.ts';
import { unknownHeadline } from './unknown-headline.ts';

/** One sentence, true as it stands: the cause with its rate, price and share; that there is none; or why not known. */
export function writeHeadline(scene: Scene): string {
  if (scene.verdict === 'slow') return slowHeadline(scene);
  if (scene.verdict === 'fast') return fastHeadline(scene);
  return scene.idle ? idleHeadline(scene) : unknownHeadline(scene);
}
