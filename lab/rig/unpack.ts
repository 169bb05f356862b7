import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cache } from './paths.ts';
import { run } from './run.ts';

/** Folder with what a Debian package holds; unpacked once. */
export function unpack(deb: string): string {
  const folder = join(cache, 'unpacked', basename(deb, '.deb'));
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  run('dpkg-deb', ['--extract', deb, unfinished]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return folder;
}
