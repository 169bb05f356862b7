import { CapsuleProblem } from './capsule-problem.ts';

/** The text of a capsule that `capsuleAsJson` made a JSON document of. Throws a CapsuleProblem for another document. */
export function extractFromJson(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const lines = /^\[\n([\s\S]*)\n\]\n?$/.exec(text)?.[1];
  if (lines === undefined)
    throw new CapsuleProblem('not-a-capsule', 'is not a capsule: there is no vdsotop data in this JSON');
  return `${lines.replaceAll(',\n', '\n')}\n`;
}
