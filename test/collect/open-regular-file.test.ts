import { execFileSync } from 'node:child_process';
import { closeSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRegularFile } from '../../src/collect/open-regular-file.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { start, until } from './processes.ts';

function read(path: string, links: 'follow' | 'refuse'): string | undefined {
  const fd = openRegularFile(path, links);
  if (fd === undefined) return undefined;
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

describe('openRegularFile', () => {
  const directory = temporaryDirectory();
  const path = (name: string) => join(directory, name);
  writeFileSync(path('file'), 'text');
  symlinkSync('file', path('link'));
  symlinkSync('pipe', path('link-to-pipe'));
  execFileSync('mkfifo', [path('pipe')]);
  execFileSync('mknod', [path('zero'), 'c', '1', '5']);

  it('opens a file, and one behind a link where links are followed', () => {
    expect(read(path('file'), 'refuse')).toBe('text');
    expect(read(path('file'), 'follow')).toBe('text');
    expect(read(path('link'), 'follow')).toBe('text');
    expect(read(path('link'), 'refuse')).toBeUndefined();
    expect(() => read(path('none'), 'follow')).toThrow('ENOENT');
  });

  it('opens nothing else', () => {
    for (const name of ['zero', 'pipe', '.', 'link-to-pipe']) expect(read(path(name), 'follow')).toBeUndefined();
  });

  it('does not even touch a pipe: who waits for a reader waits on', async () => {
    const writer = await start('sh', ['-c', `echo begun; echo x > ${path('pipe')}; echo done`]);
    expect(await writer.line()).toBe('begun');
    // Asleep in open(2), which a reader of however short a time would end.
    await until(() => /\) S /.test(readFileSync(`/proc/${writer.pid}/stat`, 'utf8')));
    expect(read(path('pipe'), 'follow')).toBeUndefined();
    expect(await Promise.race([writer.line(), new Promise((resolve) => setTimeout(resolve, 100, 'waits'))])).toBe(
      'waits',
    );
    await writer.end();
  });
});
