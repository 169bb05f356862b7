import { closeSync, openSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { type ElfFacts, readElfFacts } from '../../elf/elf-facts.ts';
import type { TargetFacts } from '../../model/target.ts';
import { cleanText } from '../clean-text.ts';
import { createFileSource } from '../code-places/file-source.ts';
import { available } from '../reading.ts';

/** What is known of a command before it runs, and stands where it is over before /proc could be asked. */
export type CommandFacts = Pick<TargetFacts, 'comm' | 'commandLine'> & Partial<Pick<TargetFacts, 'exe' | 'bits'>>;

const source = 'the command that vdsotop started';
/** TASK_COMM_LEN of the kernel, without the NUL behind it. */
const commBytes = 15;

/** `file`: what is executed for the command. A script is run by another program, of which nothing is known here. Never throws. */
export function readCommand(command: readonly string[], file: string): CommandFacts {
  const elf = elfFactsOf(file);
  return {
    comm: available(cleanText(Buffer.from(basename(file)).subarray(0, commBytes), 64), source),
    commandLine: available(
      command.map((argument) => cleanText(Buffer.from(argument), 1_024)),
      source,
    ),
    ...(elf !== undefined && { exe: available(cleanText(Buffer.from(realPathOf(file)), 1_024), source) }),
    ...(elf !== undefined && !elf.x32 && { bits: available(elf.bits, file) }),
  };
}

function elfFactsOf(file: string): ElfFacts | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    return readElfFacts(createFileSource(fd));
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
