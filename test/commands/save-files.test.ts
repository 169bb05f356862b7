import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { saveFiles } from '../../src/commands/save-files.ts';
import { UserError } from '../../src/commands/user-error.ts';

let here = '';
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'vdsotop-save-'));
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

const files = [
  { ending: '.svg', content: '<svg/>' },
  { ending: '.png', content: Buffer.from([0x89]) },
];

it('writes all of them under one name, for their owner alone', () => {
  const paths = saveFiles(here, 'shot', files);
  expect(paths).toEqual([join(here, 'shot.svg'), join(here, 'shot.png')]);
  for (const path of paths) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(here, 'shot.svg'), 'utf8')).toBe('<svg/>');
});

it('takes another name for all of them where one is taken, also by a link that leads nowhere', () => {
  writeFileSync(join(here, 'shot.png'), 'yesterday');
  symlinkSync(join(here, 'nowhere'), join(here, 'shot-2.svg'));
  expect(saveFiles(here, 'shot', files)).toEqual([join(here, 'shot-3.svg'), join(here, 'shot-3.png')]);
  expect(readFileSync(join(here, 'shot.png'), 'utf8')).toBe('yesterday');
  expect(existsSync(join(here, 'nowhere'))).toBe(false);
});

it('says in one line what is wrong with a folder', () => {
  const inNoFolder = () => saveFiles(join(here, 'none'), 'shot', files);
  expect(inNoFolder).toThrow(UserError);
  expect(inNoFolder).toThrow(/none\/shot\.svg cannot be created: no such file or folder$/);
  expect(readdirSync(here)).toEqual([]);
});
