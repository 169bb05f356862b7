import { openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFileSource, type FileSource } from '../../../src/collect/code-places/file-source.ts';
import { readModuleCode } from '../../../src/collect/code-places/module-code.ts';
import { createModuleFiles } from '../../../src/collect/code-places/module-files.ts';
import { available, unavailable } from '../../../src/collect/reading.ts';
import { value } from '../processes.ts';

let opened = 0;
const openPath = (path: string) => ({
  open() {
    opened += 1;
    return available(createFileSource(openSync(path, 'r')), path);
  },
  read: (source: FileSource) => readModuleCode(source),
});

describe('files with code', () => {
  it('are opened once for all that map them, and again once they were closed to open another', () => {
    const files = createModuleFiles(1);
    opened = 0;
    const first = value(files.of('a', openPath('/bin/sh')));
    expect(value(files.of('a', openPath('/bin/sh')))).toBe(first);
    expect(opened).toBe(1);
    if (first === undefined) throw new Error('no code');
    expect(files.isOpen('a', first)).toBe(true);
    value(files.of('b', openPath('/bin/ls')));
    expect(files.isOpen('a', first)).toBe(false);
    const again = value(files.of('a', openPath('/bin/sh')));
    expect(opened).toBe(3);
    // Its file descriptor is closed, and may be another file's.
    expect(files.isOpen('a', first)).toBe(false);
    expect(again && files.isOpen('a', again)).toBe(true);
    files.clear();
  });

  it('remember neither what is no code nor what could not be opened', () => {
    const files = createModuleFiles(4);
    opened = 0;
    expect(value(files.of('text', openPath('/etc/passwd')))).toBeUndefined();
    expect(value(files.of('text', openPath('/etc/passwd')))).toBeUndefined();
    expect(opened).toBe(2);
    expect(
      files.of('gone', { open: () => unavailable('absent', 'gone'), read: (source) => readModuleCode(source) }),
    ).toMatchObject({
      unavailable: 'absent',
    });
  });
});
