import type { SiteProcess } from '../model/call-sites.ts';
import type { CallOrigin } from './call-origin.ts';
import { isUnavailable } from './known.ts';
import type { SampledRead, SampledSite } from './sampled-reads.ts';

/** Processes that a sentence names; of more it says how many. */
const named = 2;

/**
 * ', in 4711 (worker)' or ', in 3 processes': of a tree, where these sites were sampled. Empty where one is watched.
 */
export function processesPhrase(read: SampledRead, sites: readonly SampledSite[]): string {
  const processes = processesOf(sites);
  return processes.length === 0 ? '' : `, in ${countedPhrase(read, processes)}`;
}

/**
 * 'in 4711 (worker)' or 'in 3 of its 8 processes that enter for it': of which processes a cause may be said, whose entries
 * come from there. Empty where it may be said of all that make entries to speak of, and where one is watched.
 */
export function whosePhrase(read: SampledRead, origin: CallOrigin): string {
  const processes = processesOf(read.sites.filter((site) => site.origin === origin));
  if (processes.length === 0) return '';
  const { entering } = read;
  const pids = new Set(processes.map(({ pid }) => pid));
  if (!isUnavailable(entering) && [...entering].every((pid) => pids.has(pid))) return '';
  return `in ${countedPhrase(read, processes)}`;
}

function countedPhrase({ entering }: SampledRead, processes: readonly SiteProcess[]): string {
  if (processes.length <= named) return processes.map(processPhrase).join(' and ');
  const count = processes.length;
  if (isUnavailable(entering) || !processes.every(({ pid }) => entering.has(pid))) return `${count} processes`;
  return `${count === entering.size ? `all ${count}` : `${count} of ${entering.size}`} processes that enter for it`;
}

/**
 * What parts of a read's entries are parts of: 'entries', or 'sampled entries' of a tree where entries are not laid to
 * processes, and what was not sampled may be anyone's.
 */
export function partsOfWhat(sampled: SampledRead | undefined): 'entries' | 'sampled entries' {
  const ofAll = sampled === undefined || sampled.ofAll || !isUnavailable(sampled.entering);
  return ofAll ? 'entries' : 'sampled entries';
}

/** ', in 4711 (worker)' or ', in 3 processes'; empty where one is watched. */
export function inProcesses(processes: readonly SiteProcess[]): string {
  if (processes.length === 0) return '';
  return processes.length <= named
    ? `, in ${processes.map(processPhrase).join(' and ')}`
    : `, in ${processes.length} processes`;
}

/** '4711 (worker)' */
export function processPhrase({ pid, comm }: SiteProcess): string {
  return comm === '' ? `process ${pid}` : `${pid} (${comm})`;
}

/** Each once, the most sampled first. */
function processesOf(sites: readonly SampledSite[]): readonly SiteProcess[] {
  const parts = new Map<number, { readonly reader: SiteProcess; readonly part: number }>();
  for (const {
    site: { process: reader },
    part,
  } of sites) {
    if (reader !== undefined) parts.set(reader.pid, { reader, part: (parts.get(reader.pid)?.part ?? 0) + part });
  }
  return [...parts.values()].sort((a, b) => b.part - a.part).map(({ reader }) => reader);
}
