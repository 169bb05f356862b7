import type { Frame } from '../model/frame.ts';
import { reportStatus, reportStatuses, type Status } from './tones.ts';

/** The status of what is shown, and its sentence: for a moment after the beginning, an exec or a reset there is none yet. */
export function frameStatus({ state, report }: Frame): Status & { readonly sentence: string } {
  return state === 'measuring'
    ? { ...reportStatuses.measuring, sentence: 'no verdict yet' }
    : { ...reportStatus(report), sentence: report.headline };
}
