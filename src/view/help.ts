import { cell, fitRow, type Grid, type Row } from './cells.ts';
import { fitText } from './fit-text.ts';
import { type KeyBinding, type KeyGroup, keyGroupTitles, keyTable } from './keys.ts';
import { clockStatuses, findingStatuses, reportStatuses, type Tone } from './tones.ts';
import { wrapText } from './wrap-text.ts';

/** A cause as the glossary explains it: its public id and the sentence that states it. */
export interface GlossaryEntry {
  readonly id: string;
  readonly title: string;
}

const labelWidth = 14;
/** From here on the groups of keys stand in two columns. */
const twoColumns = 100;

/** First page: every key. Second page: what the marks mean and what the causes are. */
export function helpRows(page: number, glossary: readonly GlossaryEntry[], width: number): Grid {
  return page === 0 ? keyRows(width) : glossaryRows(glossary, width);
}

function keyRows(width: number): Grid {
  const groups = Object.keys(keyGroupTitles) as KeyGroup[];
  if (width < twoColumns) return groups.flatMap((group) => groupRows(group, width));
  const half = Math.floor(width / 2);
  const left = groups.slice(0, 2).flatMap((group) => groupRows(group, half));
  const right = groups.slice(2).flatMap((group) => groupRows(group, half));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => [
    ...fitRow(left[index] ?? [], half),
    ...(right[index] ?? []),
  ]);
}

function groupRows(group: KeyGroup, width: number): Grid {
  const bindings = keyTable.filter((binding) => binding.group === group);
  return [[cell(` ${keyGroupTitles[group]}`, 'title')], ...bindings.map((binding) => keyRow(binding, width))];
}

function keyRow({ label, help }: KeyBinding, width: number): Row {
  return [cell(`  ${fitText(label, labelWidth)}`, 'accent'), cell(fitText(help, width - labelWidth - 3).trimEnd())];
}

function glossaryRows(glossary: readonly GlossaryEntry[], width: number): Grid {
  const clocks = Object.values(clockStatuses).map(({ mark, word, meaning, tone }) => ({ mark, word, meaning, tone }));
  return [
    [cell(' clocks', 'title')],
    ...clocks.flatMap(({ mark, word, meaning, tone }) => noteRows(`${mark} ${word}`, meaning, width, tone)),
    [cell(' the target as a whole', 'title')],
    ...Object.values(reportStatuses).flatMap(({ word, meaning, tone }) => noteRows(word, meaning, width, tone)),
    [cell(' columns', 'title')],
    ...columnNotes.flatMap(([name, note]) => noteRows(name, note, width)),
    [cell(' verdicts on a cause', 'title')],
    ...Object.values(findingStatuses).map(
      ({ word, meaning, tone }): Row => [cell(`  ${word.padEnd(12)}`, tone), cell(meaning)],
    ),
    [cell(' numbers', 'title')],
    ...numberNotes.flatMap((note) => wrapText(note, width - 3).map((line): Row => [cell(`  ${line}`)])),
    [cell(' causes', 'title')],
    ...glossary.flatMap(({ id, title }) => entryRows(id, title, width)),
  ];
}

const columnNotes: readonly (readonly [column: string, note: string])[] = [
  ['path', 'how the target reads the clock'],
  ['vDSO/s', 'reads a second that stay in user space, an estimate; from–to: where it lies, 19 times in 20'],
  ['kernel/s', 'times a second that the target enters the kernel for it'],
  ['vDSO', 'what one read costs by the vDSO, in the median'],
  ['syscall', 'what one read costs by system call, in the median'],
  ['core', 'part of one core that these reads cost'],
  ['of CPU', 'the same as part of the CPU time that the target burns for itself'],
  ['60 s', 'kernel entries over the last minute'],
];

function noteRows(name: string, note: string, width: number, tone: Tone = 'accent'): Grid {
  const lines = wrapText(note, width - labelWidth - 1);
  return lines.map(
    (line, index): Row => [cell(`  ${(index === 0 ? name : '').padEnd(labelWidth - 2)}`, tone), cell(line)],
  );
}

const numberNotes: readonly string[] = [
  "ns are measured in vdsotop's own process on this host, not in the target",
  '≈ was sampled or estimated; without it a count is exact',
  '< stands before an upper limit; limits stand alone where one of them is far from the value',
  'sampled: where the CPU was found at work, in the kernel without the locks and copies that clock reads share',
  '* was priced while counters were armed, so it is dearer than the read alone',
  '↑ and │ on a curve: something happened then, which the events tell',
  'denied, absent, n/a (not possible here), failed: no value, which is not zero',
];

function entryRows(id: string, title: string, width: number): Grid {
  return [[cell(`  ${id}`, 'accent')], ...wrapText(title, width - 5).map((line): Row => [cell(`    ${line}`)])];
}
