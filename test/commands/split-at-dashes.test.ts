import { expect, it } from 'vitest';
import { createProgram } from '../../src/commands/program.ts';
import { splitAtDashes } from '../../src/commands/split-at-dashes.ts';

const split = (line: string) => {
  const { own, command } = splitAtDashes(line.split(' '), createProgram);
  return [own.join(' '), command.join(' ')];
};

it.each([
  ['-- demo', '', 'demo'],
  ['-- help --version', '', 'help --version'],
  ['--record demo -- report -- x', '--record demo', 'report -- x'],
  ['-i 1s --children -- ./job', '-i 1s --children', './job'],
  ['--frobnicate -- diff', '--frobnicate', 'diff'],
])('%s: a command follows the dashes, whatever its name', (line, own, command) => {
  expect(split(line)).toEqual([own, command]);
});

it.each(['diff a -- -b', 'report -p 1 -- x', 'replay -- -file', 'stray -- demo', '-i 1s demo -- x', '-p 1'])(
  "%s: none does, or the dashes are a subcommand's own",
  (line) => {
    expect(split(line)).toEqual([line, '']);
  },
);
