import { symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readCommand } from '../../../src/collect/process/read-command.ts';
import { folderForEachTest } from '../../folder-for-each-test.ts';
import { buildProgram } from '../../programs/build.ts';
import { value } from '../processes.ts';

const here = folderForEachTest();

it('knows of a program its name as the kernel cuts it, its arguments, its file and its word size', () => {
  const program = buildProgram('wait');
  symlinkSync(program, here('a-name-of-many-letters'));
  const { comm, commandLine, exe, bits } = readCommand(['many\u001b[2J', 'a b'], here('a-name-of-many-letters'));
  expect(value(comm)).toBe('a-name-of-many-');
  expect(value(commandLine)).toEqual(['many', 'a b']);
  expect(exe && value(exe)).toBe(program);
  expect(bits && value(bits)).toBe(64);
});

it('knows of a script its name, and not which program runs it', () => {
  writeFileSync(here('script'), '#!/bin/sh\n', { mode: 0o755 });
  const { comm, exe, bits } = readCommand(['script'], here('script'));
  expect(value(comm)).toBe('script');
  expect({ exe, bits }).toEqual({ exe: undefined, bits: undefined });
});
