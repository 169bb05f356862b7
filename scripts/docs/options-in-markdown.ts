import type { Command } from 'commander';
import { commandsOf } from './commands-of.ts';

/** Every command with its options as Markdown; options that a command shares with the main one are listed once. */
export function optionsInMarkdown(program: Command): string {
  return commandsOf(program)
    .map(({ usage, description, options }) => {
      const rows = options.map(({ flags, text }) => `| \`${flags}\` | ${text} |`);
      const table = rows.length === 0 ? [] : ['', '| option | |', '|---|---|', ...rows];
      return [`**\`${usage}\`** — ${description}`, ...table].join('\n');
    })
    .join('\n\n');
}
