import type { ClockRead } from '../clock-read.ts';
import { sharePhrase } from '../phrase.ts';
import { partsOfWhat } from '../sampled-processes.ts';
import { causesOf, type PartOfRead, toldPart } from './causes-of.ts';
import { sampledOf } from './sampled-of.ts';
import type { Scene } from './scene.ts';
import { unexplained } from './unexplained.ts';

/** Why a read enters the kernel: causes that are confirmed, else the likeliest of most of it, else what is excluded. */
export function reasonOf(scene: Scene, read: ClockRead): string {
  const sure = causesOf(scene, read, 'confirmed');
  const entries = partsOfWhat(sampledOf(scene.basis, read.name));
  if (sure.length > 0) return togetherPhrase(sure, entries);
  const [likely] = causesOf(scene, read, 'likely');
  return likely === undefined || likely.part < 0.5
    ? unexplained(scene, read)
    : `likely ${likely.part < 1 - toldPart ? '' : 'because '}${togetherPhrase([likely], entries)}`;
}

/**
 * 'A', or 'for about 60 % of the entries A; for about 40 % B' where each accounts for a part. `entries`: what these are
 * parts of.
 */
function togetherPhrase([first, ...others]: readonly PartOfRead[], entries: string): string {
  const parts = others.filter(({ part }) => first !== undefined && first.part < 1 && part < 1);
  if (first === undefined) return '';
  if (first.part >= 1 - toldPart) return whole(first);
  const rest = parts.map((part) => `; for about ${sharePhrase(part.part)}${aside(part)} ${part.clause}`);
  return `for about ${sharePhrase(first.part)} of the ${entries}${aside(first)} ${first.clause}${rest.join('')}`;
}

function whole({ clause, whose }: PartOfRead): string {
  return whose === '' ? clause : `${whose} ${clause}`;
}

function aside({ whose }: PartOfRead): string {
  return whose === '' ? '' : `, ${whose},`;
}
