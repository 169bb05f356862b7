import type { KernelLog, KernelLogLine } from '../../model/host.ts';
import { cleanText } from '../clean-text.ts';

const first = 50;
const last = 150;

/**
 * A flapping clocksource may fill a log: the beginning and the newest are kept. `of`: how many lines there were, which are
 * more than `lines` where the log was cut before. Texts come out clean.
 */
export function boundKernelLog(lines: readonly KernelLogLine[], source: string, of = lines.length): KernelLog {
  const kept = lines.length <= first + last ? lines : [...lines.slice(0, first), ...lines.slice(-last)];
  const cut = of > kept.length && { cut: { first, last, of } };
  return { value: kept.map(clean), source, ...cut };
}

function clean({ bootSeconds, text }: KernelLogLine): KernelLogLine {
  return { bootSeconds, text: cleanText(text, 512) };
}
