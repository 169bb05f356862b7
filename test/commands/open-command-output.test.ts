import { readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openCommandOutput } from '../../src/commands/open-command-output.ts';
import { UserError } from '../../src/commands/user-error.ts';
import { folderForEachTest } from '../folder-for-each-test.ts';

const here = folderForEachTest();
beforeEach(() => {
  vi.stubEnv('TMPDIR', here());
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('is a new file for its owner alone, under a name with a number where an earlier process of this pid left one', () => {
  const left = here(`vdsotop-a_b-${process.pid}.log`);
  writeFileSync(left, 'yesterday');
  const output = openCommandOutput('/bin/a b');
  writeSync(output.descriptor, 'today');
  output.close();
  expect(output.path).toBe(here(`vdsotop-a_b-${process.pid}-2.log`));
  expect(readFileSync(output.path, 'utf8')).toBe('today');
  expect(statSync(output.path).mode & 0o7777).toBe(0o600);
  expect(readFileSync(left, 'utf8')).toBe('yesterday');
});

it('says in one line what is wrong with the folder for it, and how to name another', () => {
  vi.stubEnv('TMPDIR', here('none'));
  expect(() => openCommandOutput('sh')).toThrow(UserError);
  expect(() => openCommandOutput('sh')).toThrow(
    /none\/vdsotop-sh-\d+\.log, .*TMPDIR.*, cannot be created: no such file/,
  );
});
