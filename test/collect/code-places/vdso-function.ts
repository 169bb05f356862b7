import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../../temporary-directory.ts';

/** Address of a function of a process's vDSO, as readelf finds it in the image. */
export function vdsoFunction(pid: number, name: string): number {
  const [, start = '', end = ''] =
    /^([0-9a-f]+)-([0-9a-f]+).*\[vdso\]$/m.exec(readFileSync(`/proc/${pid}/maps`, 'utf8')) ?? [];
  const base = Number.parseInt(start, 16);
  const image = Buffer.alloc(Number.parseInt(end, 16) - base);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  readSync(memory, image, 0, image.length, base);
  closeSync(memory);
  const path = join(temporaryDirectory(), 'vdso.so');
  writeFileSync(path, image);
  const symbols = execFileSync('readelf', ['-W', '--dyn-syms', path], { encoding: 'utf8' });
  const [, offset = ''] = new RegExp(`: ([0-9a-f]+) .* ${name}@`).exec(symbols) ?? [];
  return base + Number.parseInt(offset, 16);
}
