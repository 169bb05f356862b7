import type { EntryFunction } from '../../model/clock-calls.ts';
import type { Evidence, Fix } from '../../model/findings.ts';
import type { Mapping } from '../../model/mappings.ts';
import { isSyscallFunction } from '../code-names.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { isUnavailable } from '../known.ts';
import { type Rule, targetRule } from '../rule.ts';
import { type SampledReads, topCallers } from '../sampled-reads.ts';
import { isGnuOnly } from '../vdso-hash-tables.ts';
import { savedShare } from './entered.ts';
import type { HashTables } from './hash-tables.ts';
import { effectHere, fromOrigin, nothingToAsk, placeEvidence } from './sampled.ts';
import { runUnpatched, unlessPatched } from './unless-patched.ts';

const directSyscall = targetRule({
  id: 'direct-syscall',
  layer: 'program',
  role: 'cause',
  title: 'the program makes the system call itself, past the vDSO',
  needs: ['entries a healthy vDSO spares'],
  mayUse: [
    ...(['call sites', "the target's mappings", "vdsotop's own mappings"] as const),
    ...([
      "entries this host's vDSO spares",
      'price of a vDSO read',
      'patched vDSO',
      'hash tables of the vDSO',
    ] as const),
  ],
  weigh({ 'entries a healthy vDSO spares': reads, 'call sites': sites, "the target's mappings": mappings, ...seen }) {
    const own = seen["vdsotop's own mappings"];
    const placed = placeEvidence(reads, sites, 'direct');
    // Where no process has a vDSO, whoever makes or may make the system call itself would do so with one too. Where the
    // target alone lacks it, a tool that runs the program in its own way makes the calls, and not the program.
    if (lacksVdso(own) && placed.some(speaksFor)) return placed;
    return nothingToAsk(reads, mappings) ?? unlessPatched(seen['patched vDSO'], placed, bySyscallFunction(sites));
  },
  origin: 'direct',
  clause: (seen) => `the program makes the system call itself${mayLook(seen) ? ', or does not find the vDSO' : ''}`,
  covers: ({ 'entries a healthy vDSO spares': reads, 'call sites': sites }) => fromOrigin(reads, sites, 'direct').names,
  fix({ 'entries a healthy vDSO spares': reads, 'patched vDSO': patched, ...seen }) {
    const sites = seen['call sites'];
    if (lacksVdso(seen["vdsotop's own mappings"])) return { ...callLibc(reads, sites), ...withoutVdso };
    if (patched !== true) return mayLook(seen) ? orFind(callLibc(reads, sites)) : callLibc(reads, sites);
    return bySyscallFunction(sites) ? { ...callLibc(reads, sites), effect: toThePatched } : runUnpatched;
  },
  saves({ "entries this host's vDSO spares": reads, 'call sites': sites, 'price of a vDSO read': fast, ...seen }) {
    const direct = reads && fromOrigin(reads, sites, 'direct');
    return direct === undefined || direct.names.length === 0
      ? undefined
      : savedShare({ ...direct, callsCaught: seen['patched vDSO'] === false }, fast);
  },
  reference: 'vdso(7); syscall(2)',
});

const toThePatched = 'they go to the vDSO, which something has written to: whether it answers them is not known';

/** On a host that maps none. */
const withoutVdso = {
  effect: 'libc asks the vDSO where there is one: this host maps none, and nothing is saved until it does',
  wouldNotHelp: 'a vDSO alone: these reads would not ask it',
} as const;

function lacksVdso(mappings: readonly Mapping[] | undefined): boolean {
  return mappings?.every(({ name }) => name !== '[vdso]') === true;
}

function speaksFor({ direction }: Evidence): boolean {
  return direction === 'supports';
}

/** A patch leads to code of whoever made it; libc's syscall() is called by those who ask for a system call. */
function bySyscallFunction(sites: SampledReads | undefined): boolean {
  const places = [...(sites?.kernel.values() ?? [])].flatMap((read) => read.sites);
  const direct = places.filter(({ origin }) => origin === 'direct');
  return direct.length > 0 && direct.every(({ site }) => isSyscallFunction(site.place));
}

interface SeenTables {
  readonly 'call sites'?: SampledReads;
  readonly 'hash tables of the vDSO'?: HashTables;
}

/**
 * Text of a program or a library may look for the vDSO itself, as rustix of Rust does, and then make the system call because
 * it reads the hash table that this vDSO does not have.
 */
function mayLook({ 'call sites': sites, 'hash tables of the vDSO': tables }: SeenTables): boolean {
  return isGnuOnly(tables) && !bySyscallFunction(sites);
}

function orFind(fix: Fix): Fix {
  return {
    ...fix,
    command: `${fix.command}; where that code looks for the vDSO itself (as Rust's rustix does), one that reads a GNU hash table: this vDSO has no other`,
    wouldNotHelp: 'another clocksource or libc alone: these reads do not come to the vDSO by libc',
  };
}

function callLibc(reads: EnteredReads, sites: SampledReads | undefined): Fix {
  const direct = fromOrigin(reads, sites, 'direct');
  const read = sites?.kernel.get(direct.names[0] ?? '');
  const caller = read === undefined ? undefined : topCallers(read, 'direct')[0];
  const unserved = direct.reads.some(({ served }) => !isUnavailable(served) && !served.served);
  return {
    command: `call ${functionOf(direct.reads[0]?.fn)} of libc instead of the system call${caller === undefined ? '' : ` in ${caller.phrase}`}`,
    effect: effectHere(direct),
    risk: 'a change of the program',
    reversible: true,
    wouldNotHelp: unserved
      ? 'another clocksource alone: these reads do not ask the vDSO, whatever clock that could read'
      : 'another clocksource, kernel or libc, or linking it anew: these reads do not ask the vDSO at all',
  };
}

function functionOf(fn: EntryFunction = 'clock_gettime'): string {
  return fn === 'getcpu' ? 'sched_getcpu()' : `${fn}()`;
}

export const directSyscallRules: readonly Rule[] = [directSyscall];
