import type { KernelLogLine } from '../../model/host.ts';
import type { Available } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';

const keptFirst = 50;
const keptLast = 150;
const kept = keptFirst + keptLast;

const noteOf = (count: number) => `, the first ${keptFirst} and last ${keptLast} of ${count} lines`;
const note = new RegExp(`${noteOf(0).replace('0 lines', '(\\d+) lines')}$`);

/** A flapping clocksource may fill a log: the beginning and the newest are kept, and the source says so. Texts come out clean. */
export function boundKernelLog(
  lines: readonly KernelLogLine[],
  source: string,
  count = lines.length,
): Available<readonly KernelLogLine[]> {
  const value = lines.length <= kept ? lines : [...lines.slice(0, keptFirst), ...lines.slice(-keptLast)];
  return { value: value.map(clean), source: count <= kept ? source : source + noteOf(count) };
}

/** The log with what was said since, bounded as a whole. */
export function withNewLines(
  { value, source }: Available<readonly KernelLogLine[]>,
  newLines: readonly KernelLogLine[],
): Available<readonly KernelLogLine[]> {
  const count = Number(note.exec(source)?.[1] ?? value.length) + newLines.length;
  return boundKernelLog([...value, ...newLines], source.replace(note, ''), count);
}

function clean({ bootSeconds, text }: KernelLogLine): KernelLogLine {
  return { bootSeconds, text: cleanText(text, 512) };
}
