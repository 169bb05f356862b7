import { printable } from './printable.ts';

/**
 * Text that may come from a target, as Markdown that shows it: no markup, no HTML, no mention, no new cell. Signs that
 * mean nothing where they stand, as in THREAD_CPUTIME_ID or '<0.01 %', stay bare: not everybody's chat knows escapes.
 */
export function markdownText(text: string): string {
  return printable(text).replaceAll(meaning, (sign) => `\\${sign}`);
}

const meaning = /[\\`*[\]|#@]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|<(?=[A-Za-z/!?])|&(?=[A-Za-z#])|~(?=~)|(?<=~)~/g;

/** The same as code: a command to be copied. What would end the code or the cell is taken out. */
export function markdownCode(text: string): string {
  return `\`${printable(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

export interface MarkdownColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table; what stands in its cells is Markdown already. */
export function markdownTable(
  columns: readonly MarkdownColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
    ...rows.map(line),
  ];
}
