import type { CpuFacts } from '../../model/host.ts';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { readText } from '../read-file.ts';
import { available, errorText, unavailable } from '../reading.ts';

const path = '/proc/cpuinfo';
/** The first CPU's entry lies in the first page or two; a large machine's file takes long to make. */
const firstEntryBytes = 8_192;

/** Model and flags of the first CPU. */
export function readCpuFacts(): Reading<CpuFacts> {
  try {
    const facts = parseCpuInfo(readText(path, firstEntryBytes));
    return facts === undefined
      ? unavailable('unsupported', `${path} has neither 'flags' nor 'Features' nor 'isa'`)
      : available(facts, `${path} (first CPU)`);
  } catch (error) {
    return unavailable('failed', `reading ${path}: ${errorText(error)}`);
  }
}

/** x86 writes 'model name' and 'flags', arm64 numbers of its maker and 'Features', riscv 'uarch' and 'isa'. */
export function parseCpuInfo(text: string): CpuFacts | undefined {
  const fields = firstEntry(text);
  const flags = fields.get('flags') ?? fields.get('Features') ?? fields.get('isa')?.replaceAll('_', ' ');
  if (flags === undefined) return undefined;
  return { model: modelOf(fields), flags: flags.split(' ').filter((flag) => flag !== '') };
}

function firstEntry(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' && fields.size > 0) break;
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim(), cleanText(line.slice(colon + 1), 4_096));
  }
  return fields;
}

function modelOf(fields: ReadonlyMap<string, string>): string {
  const named = fields.get('model name') ?? fields.get('uarch');
  if (named !== undefined) return named;
  const maker = fields.get('CPU implementer');
  return maker === undefined ? 'not named' : `implementer ${maker}, part ${fields.get('CPU part') ?? 'not named'}`;
}
