import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { saveFiles } from '../../src/commands/save-files.ts';
import { UserError } from '../../src/commands/user-error.ts';
import { folderForEachTest } from '../folder-for-each-test.ts';

const here = folderForEachTest();

const files = [
  { ending: '.svg', content: '<svg/>' },
  { ending: '.png', content: Buffer.from([0x89]) },
];

it('writes all of them under one name, for their owner alone', () => {
  const paths = saveFiles(here(), 'shot', files);
  expect(paths).toEqual([here('shot.svg'), here('shot.png')]);
  for (const path of paths) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(here('shot.svg'), 'utf8')).toBe('<svg/>');
});

it('takes another name for all of them where one is taken, also by a link that leads nowhere', () => {
  writeFileSync(here('shot.png'), 'yesterday');
  symlinkSync(here('nowhere'), here('shot-2.svg'));
  expect(saveFiles(here(), 'shot', files)).toEqual([here('shot-3.svg'), here('shot-3.png')]);
  expect(readFileSync(here('shot.png'), 'utf8')).toBe('yesterday');
  expect(existsSync(here('nowhere'))).toBe(false);
});

it('says in one line what is wrong with a folder', () => {
  const inNoFolder = () => saveFiles(here('none'), 'shot', files);
  expect(inNoFolder).toThrow(UserError);
  expect(inNoFolder).toThrow(/none\/shot\.svg cannot be created: no such file or folder$/);
  expect(readdirSync(here())).toEqual([]);
});
