import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { beforeEach, expect, it } from 'vitest';
import { whyNotStarted } from '../../src/commands/why-not-started.ts';
import { folderForEachTest } from '../folder-for-each-test.ts';

const here = folderForEachTest();
beforeEach(() => {
  // Nobody can look into it, not even root: a link to itself.
  symlinkSync('loop', here('loop'));
});

function put(name: string, mode: number): string {
  mkdirSync(here('bin'), { recursive: true });
  const path = here('bin', name);
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

it('finds a command behind a folder of PATH that may not be looked into, as shells do', () => {
  put('tool', 0o755);
  expect(whyNotStarted('tool', `${here()}/loop:${here()}/bin`)).toBeUndefined();
  expect(whyNotStarted('other', `${here()}/loop:${here()}/bin`)).toEqual({
    message: "no command 'other': give its path, or a name found on PATH",
    exitCode: 127,
  });
});

it('says 126 of a path that may not be looked into, and why', () => {
  const path = `${here()}/loop/tool`;
  expect(whyNotStarted(path, '')).toEqual({
    message: `'${path}' cannot be run: too many symbolic links encountered (ELOOP)`,
    exitCode: 126,
  });
});

it('says 126 of a file that is no program, and 127 of a folder or nothing', () => {
  expect(whyNotStarted(put('text', 0o644), '')).toMatchObject({ exitCode: 126 });
  expect(whyNotStarted('text', here('bin'))).toMatchObject({ exitCode: 126 });
  expect(whyNotStarted(here(), '')).toMatchObject({ exitCode: 127 });
  expect(whyNotStarted(here('none/tool'), '')).toMatchObject({ exitCode: 127 });
  expect(whyNotStarted(here('bin/text/tool'), '')).toMatchObject({ exitCode: 127 });
});
