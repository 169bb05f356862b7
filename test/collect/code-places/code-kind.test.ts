import { describe, expect, it } from 'vitest';
import { codeKind } from '../../../src/collect/code-places/code-kind.ts';

const mapping = (name: string, inode = '7') => ({
  start: 0x1000,
  end: 0x2000,
  range: '1000-2000',
  offset: 0,
  device: 'fe:00',
  inode,
  name,
});

describe('codeKind', () => {
  it.each([
    ['[vdso]', undefined, 'vdso'],
    ['/usr/lib/x86_64-linux-gnu/libc.so.6', 'libc.so.6', 'libc'],
    ['/lib/x86_64-linux-gnu/libc-2.31.so', 'libc.so.6', 'libc'],
    ['/lib/x86_64-linux-gnu/librt-2.17.so', undefined, 'libc'],
    ['/lib/ld-musl-x86_64.so.1', 'libc.musl-x86_64.so.1', 'libc'],
    ['/usr/lib/x86_64-linux-gnu/libc.so.6 (deleted)', undefined, 'libc'],
    ['/usr/lib/klibc-HcDFBmqxxm5QKUPqEXxHEUzzSzs.so', undefined, 'libc'],
    ['/opt/app/libcrypto.so.3', 'libcrypto.so.3', 'library'],
    ['/opt/app/libc.so.6', 'libfake.so', 'library'],
    ['/opt/app/server', undefined, 'executable'],
    ['', undefined, 'anonymous'],
    ['[anon:v8]', undefined, 'anonymous'],
    ['//anon', undefined, 'anonymous'],
    ['/memfd:doublemapper (deleted)', undefined, 'anonymous'],
    ['/dev/zero (deleted)', undefined, 'anonymous'],
  ])('takes %s (%s) for %s', (name, soName, kind) => {
    expect(codeKind(mapping(name, name.startsWith('/') ? '7' : '0'), '/opt/app/server', soName)).toBe(kind);
  });

  it.each([
    ['/lib/ld-musl-aarch64.so.1', undefined],
    ['/usr/lib/x86_64-linux-musl/libc.so', undefined],
    ['/opt/root/musl', 'libc.musl-x86_64.so.1'],
  ])('takes musl for a libc where it was started as a command: %s (%s)', (name, soName) => {
    expect(codeKind(mapping(name), name, soName)).toBe('libc');
  });

  it('does not call a file a library only because nobody may say which one the program is', () => {
    expect(codeKind(mapping('/opt/app/server'), '', undefined)).toBe('unknown');
    expect(codeKind(mapping('/opt/app/libz.so.1'), '', 'libz.so.1')).toBe('library');
  });

  it('takes a program that was started from a memfd for the program', () => {
    expect(codeKind(mapping('/memfd:runc (deleted)'), '/memfd:runc (deleted)', undefined)).toBe('executable');
  });
});
