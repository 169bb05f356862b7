import type { FindingVerdict } from '../../model/findings.ts';
import type { ClockRead } from '../clock-read.ts';
import { whosePhrase } from '../sampled-processes.ts';
import { partCopied, partOf } from '../sampled-reads.ts';
import { sampledOf } from './sampled-of.ts';
import type { Scene } from './scene.ts';

export interface PartOfRead {
  readonly clause: string;
  /** Of this read's entries, those it accounts for. */
  readonly part: number;
  /** 'in 4711 (worker)', where it is not to be said of all processes of a tree; else ''. */
  readonly whose: string;
}

/** A smaller part of a read's entries does not come into the headline. */
export const toldPart = 0.05;

/** What accounts for the most of a read's entries comes first; where no place was sampled each accounts for all. */
export function causesOf(
  { basis, judged }: Scene,
  { name }: ClockRead,
  verdict: FindingVerdict,
): readonly PartOfRead[] {
  const sampled = sampledOf(basis, name);
  return judged
    .filter(({ finding, covers }) => finding.role === 'cause' && finding.verdict === verdict && covers.includes(name))
    .flatMap(({ clause, origin }) => {
      const copied = origin === 'vdso' ? partCopied(sampled) : 0;
      const part = origin === undefined || sampled === undefined ? 1 : partOf(sampled, origin) + copied;
      const whose = origin === undefined || sampled === undefined ? '' : whosePhrase(sampled, origin);
      return clause === undefined || part < toldPart ? [] : [{ clause, part, whose }];
    })
    .sort((a, b) => b.part - a.part);
}
