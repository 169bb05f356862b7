/** What can be put on the clipboard. */
export type CopyKind = 'summary' | 'markdown' | 'json' | 'command-line';

export interface CopyItem {
  readonly key: string;
  readonly kind: CopyKind;
  readonly label: string;
}

/** Asked for by `y`: the keys of the second step. */
export const copyMenu: readonly CopyItem[] = [
  { key: 's', kind: 'summary', label: 'summary' },
  { key: 'm', kind: 'markdown', label: 'Markdown' },
  { key: 'j', kind: 'json', label: 'JSON' },
  { key: 'c', kind: 'command-line', label: 'command line' },
];
