import type { Known } from '../model/reading.ts';
import { formatKnown, formatNs, isUnavailable } from './format.ts';

/** The parts of analysis/clock-support.ts that are shown. */
export interface ShownSupport {
  readonly kernel: string;
  readonly machine: string;
  readonly rows: readonly ShownRow[];
}

interface ShownRow {
  readonly name: string;
  readonly id?: number;
  readonly history: Readonly<Record<string, ShownHistory>>;
  readonly expected: Known<boolean>;
  readonly measured?: {
    readonly served: Known<boolean>;
    readonly vdsoNs: Known<number>;
    readonly syscallNs: Known<number>;
  };
  readonly disagreement?: string;
}

export type ShownHistory =
  | { readonly served: 'always' | 'never' | 'not-read' }
  | { readonly served: 'since'; readonly absentIn: string; readonly presentIn: string };

/** 'always', 'never', '?' or '5.3 not 5.0'. */
export function historyWords(history: ShownHistory): string {
  if (history.served === 'since') return `${history.presentIn} not ${history.absentIn}`;
  return history.served === 'not-read' ? '?' : history.served;
}

/** How the words of the history are to be read. */
export const historyLegend: readonly string[] = [
  '5.3 not 5.0: in the source of 5.3, not in that of 5.0; none between was read',
  'always: as far back as was read, Linux 4.4',
  '?: not read, or it depends on how the kernel was built',
  'i386, from 7.3 on: gettimeofday() and time() only with CONFIG_COMPAT_32BIT_TIME',
];

/** `vdsotop clocks` as text of at most 80 columns. */
export function renderClocksText(support: ShownSupport): string {
  const { kernel, machine, rows } = support;
  const live = rows.some(({ measured }) => measured !== undefined);
  const where = `${machine}, Linux ${kernel}`;
  const title = live
    ? `Who answers a clock read on this host (${where}),\nas timed now in vdsotop's own process (medians), beside what the source says.`
    : `Who answers a clock read on ${where}, by the source; nothing was measured.`;
  const disagreements = rows.flatMap(({ name, disagreement }) =>
    disagreement === undefined ? [] : [`  ${name}: ${disagreement}`],
  );
  return [
    title,
    '',
    ...table(live ? liveRows(rows) : sourceRows(rows)),
    '',
    ...(disagreements.length > 0
      ? ['Measured and source disagree:', ...disagreements, '']
      : live
        ? ['What was measured and what the source says agree wherever both are known.', '']
        : []),
    'Since which kernel the vDSO answers it:',
    '',
    ...table(historyRows(rows)),
    '',
    ...historyLegend,
    'Sources: docs/clocks.md',
  ].join('\n');
}

function liveRows(rows: readonly ShownRow[]): readonly (readonly string[])[] {
  const body = rows.map(({ id, name, measured, expected }) => [
    id === undefined ? '' : String(id),
    name,
    measured === undefined ? 'not timed' : formatKnown(measured.served, servedWord),
    measured === undefined ? '' : priceWord(measured.vdsoNs, measured.served),
    measured === undefined ? '' : priceWord(measured.syscallNs, measured.served),
    expectedWord(expected),
  ]);
  return [['id', 'clock', 'here', 'vDSO', 'syscall', 'by the source'], ...body];
}

function sourceRows(rows: readonly ShownRow[]): readonly (readonly string[])[] {
  const body = rows.map(({ id, name, expected }) => [id === undefined ? '' : String(id), name, expectedWord(expected)]);
  return [['id', 'clock', 'by the source'], ...body];
}

function historyRows(rows: readonly ShownRow[]): readonly (readonly string[])[] {
  const machines = Object.keys(rows[0]?.history ?? {});
  const body = rows.map(({ name, history }) => [
    name,
    ...machines.map((machine) => historyWords(history[machine] ?? { served: 'not-read' })),
  ]);
  return [['clock', ...machines], ...body];
}

function servedWord(served: boolean): string {
  return served ? 'vDSO' : 'kernel';
}

/** A clock that is not there has no price: the word for that stands once. */
function priceWord(ns: Known<number>, served: Known<boolean>): string {
  return isUnavailable(ns) && isUnavailable(served) ? '' : formatKnown(ns, formatNs);
}

function expectedWord(expected: Known<boolean>): string {
  return isUnavailable(expected) ? '?' : servedWord(expected);
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) =>
        /^(?:\d*|[\d.]+ [nµm]?s)$/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
