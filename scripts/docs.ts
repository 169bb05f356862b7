// Makes what is made from tables and types: the README's keys and options, the man page, the schemas of report, difference and capsule. `npm run docs` writes them,
// `npm run docs -- --check` only says what is out of date and fails.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../src/commands/program.ts';
import { keyTable } from '../src/view/keys.ts';
import { capsuleSchema } from './docs/capsule-schema.ts';
import { clocksPage } from './docs/clocks-page.ts';
import { differenceSchema } from './docs/difference-schema.ts';
import { expressionsPage } from './docs/expressions-page.ts';
import { keysInMarkdown } from './docs/keys-in-markdown.ts';
import { manPage } from './docs/man-page.ts';
import { optionsInMarkdown } from './docs/options-in-markdown.ts';
import { replaceGenerated } from './docs/replace-generated.ts';
import { reportSchema } from './docs/report-schema.ts';

const root = join(import.meta.dirname, '..');
const program = createProgram();

const documents: Readonly<Record<string, (before: string) => string>> = {
  'README.md': (before) =>
    replaceGenerated(replaceGenerated(before, 'keys', keysInMarkdown(keyTable)), 'options', optionsInMarkdown(program)),
  'man/vdsotop.1': () => manPage(program, keyTable),
  'docs/clocks.md': clocksPage,
  'docs/expressions.md': expressionsPage,
  'docs/difference.schema.json': () => `${JSON.stringify(differenceSchema({ closed: false }), null, 2)}\n`,
  'docs/report.schema.json': () => `${JSON.stringify(reportSchema({ closed: false }), null, 2)}\n`,
  'src/capsule/capsule.schema.json': () => `${JSON.stringify(capsuleSchema(), null, 2)}\n`,
};

const stale = Object.entries(documents).filter(([path, make]) => {
  const file = join(root, path);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = make(before);
  if (after !== before && !process.argv.includes('--check')) writeFileSync(file, after);
  return after !== before;
});

if (process.argv.includes('--check') && stale.length > 0) {
  console.error(`out of date: ${stale.map(([path]) => path).join(', ')}; run 'npm run docs'`);
  process.exitCode = 1;
}
