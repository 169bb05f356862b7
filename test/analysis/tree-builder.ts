import { diagnose } from '../../src/analysis/diagnose.ts';
import type { CallSite, SiteProgram } from '../../src/model/call-sites.ts';
import type { Report } from '../../src/model/report.ts';
import type { ProgramFacts, TreeFacts, TreeProcess } from '../../src/model/tree-facts.ts';
import { sampledSites } from './call-sites-builder.ts';
import { available, makeScenario } from './snapshot-builder.ts';

/** A process of a tree under test, with BOOTTIME entries a second and where they were sampled. */
export interface Member {
  readonly pid: number;
  readonly comm: string;
  readonly perSecond?: number;
  readonly sites?: readonly CallSite[];
  /** What it runs where that is not what the others do; 'unread': it was not read. */
  readonly facts?: Partial<ProgramFacts> | 'unread';
}

/** A healthy glibc program, whatever its scenario says else. */
export function programFacts(changes: Partial<ProgramFacts> = {}): ProgramFacts {
  const { bits, linkage, mappings, sysinfoEhdr, libc, runtime, interposers, vdso, vdsoWritten, ...target } =
    makeScenario().last.target;
  const { tracerPid, seccompMode, otherTimeNamespace } = target;
  return {
    ...{ bits, linkage, mappings, sysinfoEhdr, libc, runtime, interposers, vdso },
    ...(vdsoWritten !== undefined && { vdsoWritten }),
    ...{ tracerPid, seccompMode, otherTimeNamespace },
    ...changes,
  };
}

export function treeFacts(members: readonly Member[], changes: Partial<TreeFacts> = {}): TreeFacts {
  const programs: ProgramFacts[] = [];
  const processes = members.map(({ pid, comm, facts = {} }): TreeProcess => {
    if (facts === 'unread') return { pid };
    programs.push(programFacts(facts));
    return { pid, comm, program: programs.length - 1 };
  });
  return { processCount: members.length, processes, programs, threads: {}, ...changes };
}

/** What is said of BOOTTIME read by such a tree, over 14 s; `unlaidPerSecond`: entries that are laid to no thread. */
export function judgeTree(members: readonly Member[], changes: Partial<TreeFacts> = {}, unlaidPerSecond = 0): Report {
  const sites = members.flatMap(({ pid, comm, sites: own = [] }) =>
    own.map((site) => ({ ...site, tid: pid, process: { pid, comm } })),
  );
  const rate = members.reduce((sum, { perSecond = 0 }) => sum + perSecond, unlaidPerSecond);
  const window = makeScenario({ entries: [['clock_gettime', 7, rate]], both: { tree: treeFacts(members, changes) } });
  const threadsAt = (seconds: number) =>
    members.flatMap(({ pid, perSecond = 0 }) =>
      perSecond === 0 ? [] : [{ fn: 'clock_gettime' as const, slot: 7, tid: pid, count: perSecond * seconds }],
    );
  const withThreads = (end: 'first' | 'last') => {
    const { entries } = window[end];
    if ('unavailable' in entries) throw new Error('no entries');
    return available({ ...entries.value, threads: threadsAt(entries.value.armedForMs / 1_000) });
  };
  const first = { ...window.first, entries: withThreads('first') };
  const last = { ...window.last, entries: withThreads('last'), callSites: sampledSites(sites) };
  return diagnose({ ...window, first, last }, { version: '0.0.0' });
}

/** Sites whose process runs a program of their own. */
export function sitesOfProgram(sites: readonly CallSite[], program: number): readonly CallSite[] {
  return sites.map((site) => ({ ...site, program }));
}

export const usualProgram: SiteProgram = { bits: 64, linkage: 'dynamic', libc: 'glibc', runtime: 'none' };
