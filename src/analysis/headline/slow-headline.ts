import { allReads, type Basis } from '../basis.ts';
import { callerWords } from '../caller-words.ts';
import type { ClockRead } from '../clock-read.ts';
import { shareValue } from '../facts/share-value.ts';
import { judgeRead } from '../judge-reads.ts';
import { orElse } from '../known.ts';
import { entrySentence } from './entry-sentence.ts';
import { reasonOf } from './reason-of.ts';
import type { Scene } from './scene.ts';

/** The dearest slow read, who makes it, and the cause as far as it is known. */
export function slowHeadline(scene: Scene): string {
  const read = dearest(scene);
  if (read === undefined) return 'Clock reads are slow';
  const entry = entrySentence(scene, read);
  const reason = reasonOf(scene, read);
  return withCaller(scene.basis, read, (caller) => `${entry}${caller}; ${reason}`);
}

/** The slow read that costs most; where none is slow by itself, the dearest of what is slow together. */
function dearest({ basis, sight }: Scene): ClockRead | undefined {
  const entering = allReads(basis).filter(({ perSecond }) => orElse(perSecond, 0) > 0);
  const slow = entering.filter((read) => judgeRead(read, sight) === 'slow');
  const byCost = (a: ClockRead, b: ClockRead) =>
    shareValue(b) - shareValue(a) || orElse(b.perSecond, 0) - orElse(a.perSecond, 0);
  return [...(slow.length > 0 ? slow : entering)].sort(byCost)[0];
}

const longestHeadline = 170;

/** With the caller that was sampled, and its thread where there is one and room for it. */
function withCaller(basis: Basis, { name }: ClockRead, write: (caller: string) => string): string {
  const { caller, thread } = orElse(callerWords(basis, name), { caller: '', thread: '' });
  const whole = write(`${caller}${thread}`);
  return whole.length <= longestHeadline ? whole : write(caller);
}
