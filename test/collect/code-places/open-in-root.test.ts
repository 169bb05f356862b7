import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInRoot } from '../../../src/collect/code-places/open-in-root.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

/** A folder `root` with a file in it, beside a folder of the host's. */
function makeRoot() {
  const host = temporaryDirectory();
  const root = join(host, 'root');
  mkdirSync(join(root, 'usr/lib/debug'), { recursive: true });
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'usr/lib/debug/file'), 'inside');
  writeFileSync(join(root, 'etc/name'), 'inside too');
  writeFileSync(join(host, 'secret'), 'outside');
  return { host, root };
}

function readInRoot(root: string, path: string): string | undefined {
  const fd = openInRoot(root, path);
  if (fd === undefined) return undefined;
  try {
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

describe('openInRoot', () => {
  it('opens files by path, and through links that are relative or start at the root', () => {
    const { root } = makeRoot();
    symlinkSync('../debug/file', join(root, 'usr/lib/debug/near'));
    symlinkSync('/usr/lib', join(root, 'lib'));
    symlinkSync('/lib/debug/near', join(root, 'far'));
    expect(readInRoot(root, '/usr/lib/debug/file')).toBe('inside');
    expect(readInRoot(root, '/usr/lib/debug/near')).toBe('inside');
    expect(readInRoot(root, '//lib/./debug/file')).toBe('inside');
    expect(readInRoot(root, '/far')).toBe('inside');
  });

  it('is led out of the root by no link and no ..', () => {
    const { host, root } = makeRoot();
    symlinkSync('../../../../../../secret', join(root, 'etc/up'));
    symlinkSync(join(host, 'secret'), join(root, 'etc/absolute'));
    symlinkSync('..', join(root, 'above'));
    symlinkSync('/etc/name', join(root, 'etc/link'));
    expect(readFileSync(join(root, 'above/secret'), 'utf8')).toBe('outside');
    expect(readInRoot(root, '/../secret')).toBeUndefined();
    expect(readInRoot(root, '/etc/up')).toBeUndefined();
    expect(readInRoot(root, '/etc/absolute')).toBeUndefined();
    expect(readInRoot(root, '/above/secret')).toBeUndefined();
    expect(readInRoot(root, '/above/above/etc/name')).toBe('inside too');
    expect(readInRoot(root, '/etc/link')).toBe('inside too');
  });

  it('opens no folder, pipe or device, and comes back from links in a circle', () => {
    const { root } = makeRoot();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    execFileSync('mknod', [join(root, 'null'), 'c', '1', '3']);
    symlinkSync('two', join(root, 'one'));
    symlinkSync('one', join(root, 'two'));
    symlinkSync('.', join(root, 'same'));
    for (const path of [
      '/',
      '/etc',
      '/pipe',
      '/null',
      '/one',
      '/etc/name/below',
      '/none',
      `/${'same/'.repeat(60)}etc/name`,
    ])
      expect(openInRoot(root, path), path).toBeUndefined();
  });

  it('takes names with any byte but the slash', () => {
    const { root } = makeRoot();
    const name = Buffer.from([0xff, 0x0a, 0x1b]);
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), 'odd');
    expect(readInRoot(root, `/${name.toString('latin1')}`)).toBe('odd');
  });

  it('leaves no descriptor open', () => {
    const { root } = makeRoot();
    const descriptor = () => {
      const fd = openInRoot('/', '/proc/self/status');
      if (fd === undefined) throw new Error('not opened');
      closeSync(fd);
      return fd;
    };
    const before = descriptor();
    for (const path of ['/usr/lib/debug/none', '/usr/lib/debug', '/usr/../..']) openInRoot(root, path);
    expect(descriptor()).toBe(before);
    expect(readlinkSync('/proc/self')).toBe(String(process.pid));
  });
});
