import type { KeyBinding } from '../../src/view/keys.ts';

/** The table of keys as Markdown. */
export function keysInMarkdown(keys: readonly KeyBinding[]): string {
  const rows = keys.map(({ label, help }) => `| ${label.split(' ').map(code).join(' ')} | ${help} |`);
  return ['| key | what it does |', '|---|---|', ...rows].join('\n');
}

const code = (text: string) => `\`${text}\``;
