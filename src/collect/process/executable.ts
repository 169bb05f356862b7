import { closeSync, openSync } from 'node:fs';
import { type ElfFacts, readElfFacts } from '../../elf/elf-facts.ts';
import type { Reading } from '../../model/reading.ts';
import { createFileSource } from '../code-places/file-source.ts';
import { available, errorText, unavailable } from '../reading.ts';
import { processFailure } from './process-failure.ts';
import { scanMaps } from './scan-maps.ts';
import { unseenX32 } from './unseen-x32.ts';

export interface Executable {
  readonly bits: Reading<32 | 64>;
  readonly linkage: Reading<'static' | 'dynamic'>;
}

/** The running program's own file, also where it was deleted or lies in another mount namespace. */
export function readExecutable(directory: string): Executable {
  const path = `${directory}/exe`;
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    const failure = processFailure(path, error);
    return { bits: failure, linkage: failure };
  }
  try {
    const facts = readElfFacts(createFileSource(fd));
    if (facts !== undefined) return { bits: readBits(facts, path), linkage: readLinkage(facts, directory) };
    return both('unsupported', `${path} is not an ELF file that can be read here`);
  } catch (error) {
    return both('failed', `reading ${path}: ${errorText(error)}`);
  } finally {
    closeSync(fd);
  }
}

function both(...reason: Parameters<typeof unavailable>): Executable {
  return { bits: unavailable(...reason), linkage: unavailable(...reason) };
}

function readBits({ bits, x32 }: ElfFacts, path: string): Executable['bits'] {
  return x32 ? unavailable('unsupported', `${path} is an x32 program: ${unseenX32}`) : available(bits, path);
}

/**
 * 'dynamic' is a program whose libc is a file of its own, mapped by a loader. An interpreter alone does not make one:
 * a program may ask for it and need no library (a Go program built as PIE).
 */
function readLinkage(facts: ElfFacts, directory: string): Executable['linkage'] {
  const path = `${directory}/exe`;
  if (facts.interpreter && facts.librariesNeeded > 0) return available('dynamic', `${path} has an interpreter`);
  if (facts.interpreter && runsOnKlibc(directory))
    return available('dynamic', `${path} has klibc's library as interpreter`);
  if (facts.interpreter) return available('static', `${path} has an interpreter and needs no library`);
  if (!facts.positionIndependent) return available('static', `${path} has no interpreter`);
  if (facts.sharedObjectName) return available('dynamic', `${path} is a loader, started as a command`);
  if (facts.markedPie) return available('static', `${path} is position independent without interpreter`);
  return linkageByMappings(directory);
}

/** klibc's shared library is the interpreter of its programs, which need no library (usr/klibc/README of klibc). */
function runsOnKlibc(directory: string): boolean {
  let found = false;
  scanMaps(`${directory}/maps`, ({ permissions, name }) => {
    found ||= permissions.includes('x') && /\/klibc-[\w-]+\.so$/.test(name);
  });
  return found;
}

/** musl's loader started as a command looks like a static PIE of an old linker, but has mapped another program. */
function linkageByMappings(directory: string): Executable['linkage'] {
  const path = `${directory}/maps`;
  try {
    const programs = new Set<string>();
    scanMaps(path, ({ permissions, name }) => {
      if (permissions.includes('x') && name.startsWith('/')) programs.add(name);
    });
    return programs.size > 1
      ? available('dynamic', `${path}: ${programs.size} files with code`)
      : available('static', `${path}: one file with code`);
  } catch (error) {
    return processFailure(path, error);
  }
}
