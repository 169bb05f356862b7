import { readlinkSync } from 'node:fs';
import type { Interposer } from '../../model/program.ts';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { createFileSource } from '../code-places/file-source.ts';
import { openInRoot } from '../code-places/open-in-root.ts';
import type { MappedFile } from '../process/mapped-files.ts';
import { processFailure } from '../process/process-failure.ts';
import { readText } from '../read-file.ts';
import { available, unavailable } from '../reading.ts';
import { clockFunctions } from './clock-functions.ts';
import { orderFiles } from './file-order.ts';
import { interposersInOrder } from './interposers-in-order.ts';
import { isLibcFile } from './is-libc-file.ts';

const maxPreloadBytes = 64 * 1024;

/**
 * The same where the target's memory may not be read (Yama), though its files may: by DT_NEEDED and what is preloaded. A
 * library that nothing of this asks for, and that defines a clock function, leaves it open.
 */
export function interposersByFiles(directory: string, files: readonly MappedFile[]): Reading<readonly Interposer[]> {
  try {
    const exe = readlinkSync(`${directory}/exe`, 'latin1').replace(/ \(deleted\)$/, '');
    const { modules, others } = orderFiles(files, exe, readPreloads(directory));
    if (!modules.some(({ name }) => isLibcFile(name)))
      return unavailable('unsupported', `${directory}/exe asks for no libc that is known here`);
    const open = others.find(
      ({ name, tables }) => !isLibcFile(name) && clockFunctions.some((symbol) => tables.define(symbol).length > 0),
    );
    if (open !== undefined)
      return unavailable(
        'denied',
        `${cleanText(open.name)} defines a clock function; whether lookups find it first only ${directory}/mem tells`,
        `sudo vdsotop -p ${directory.split('/')[2]}`,
      );
    return available(
      interposersInOrder(modules),
      `DT_NEEDED of the mapped files and LD_PRELOAD of ${directory}/environ`,
    );
  } catch (error) {
    return processFailure(`${directory}/environ`, error);
  }
}

/** LD_PRELOAD separates by spaces or colons, /etc/ld.so.preload by white space too (ld.so(8)). */
function readPreloads(directory: string): readonly string[] {
  const environment = readText(`${directory}/environ`, 256 * 1024).split('\0');
  const variable = environment.find((entry) => entry.startsWith('LD_PRELOAD='))?.slice('LD_PRELOAD='.length) ?? '';
  return [...variable.split(/[ :]+/), ...readPreloadFile(directory).split(/[\s:]+/)].filter((name) => name !== '');
}

/** Most systems have none. In a container's root it may be a link, a pipe or a device. */
function readPreloadFile(directory: string): string {
  const fd = openInRoot(`${directory}/root`, '/etc/ld.so.preload');
  if (fd === undefined) return '';
  const source = createFileSource(fd);
  const bytes = Buffer.from(source.read(0, maxPreloadBytes));
  source.close();
  return bytes.toString('latin1');
}
