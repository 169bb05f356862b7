import type { Fix } from '../../model/findings.ts';
import type { Runtime } from '../../model/program.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { isAtLeast } from '../kernel-version.ts';
import { contradicts, type Rule, targetRule } from '../rule.ts';
import { savedShare } from './entered.ts';
import { goFindsNothing } from './hash-tables.ts';
import { atItsPlace, effectHere, fromOrigin, nothingToAsk, placeEvidence } from './sampled.ts';
import { runUnpatched, unlessPatched } from './unless-patched.ts';

const runtimeBypassesVdso = targetRule({
  id: 'runtime-bypasses-vdso',
  layer: 'program',
  role: 'cause',
  title: 'the language runtime makes the system call in its own clock code and does not find the vDSO',
  needs: ['entries a healthy vDSO spares', 'runtime'],
  mayUse: [
    'call sites',
    "the target's mappings",
    'architecture',
    'hash tables of the vDSO',
    "entries this host's vDSO spares",
    'price of a vDSO read',
    'patched vDSO',
  ],
  weigh({ 'entries a healthy vDSO spares': reads, runtime, "the target's mappings": mappings, ...seen }) {
    const own = fromOrigin(reads, seen['call sites'], 'runtime').names.length > 0;
    if (runtime.name !== 'go' && !own) return [contradicts('strong', noClockCode(runtime), 'its mapped files')];
    return (
      nothingToAsk(reads, mappings) ?? [
        ...unlessPatched(seen['patched vDSO'], placeEvidence(reads, seen['call sites'], 'runtime')),
        ...(ofRuntime(reads, seen['call sites']).names.length === 0
          ? []
          : atItsPlace(
              fromOrigin(reads, seen['call sites'], 'runtime'),
              goFindsNothing(runtime, seen['hash tables of the vDSO'], seen.architecture),
            )),
      ]
    );
  },
  origin: 'runtime',
  // A library of Go may lie in a process of another runtime, whose version is not Go's.
  clause: ({ runtime: { name, version } }) =>
    `Go${name !== 'go' || version === undefined ? '' : ` ${version.replace(/^go/, '')}`} makes the system call in its own clock code`,
  covers: (seen) => ofRuntime(seen['entries a healthy vDSO spares'], seen['call sites']).names,
  fix: ({ runtime, architecture, ...seen }) => {
    const reads = ofRuntime(seen['entries a healthy vDSO spares'], seen['call sites']);
    if (seen['patched vDSO'] === true) return runUnpatched;
    return findsVdso(runtime, architecture) ? unhide(reads) : newerGo(reads);
  },
  saves({ "entries this host's vDSO spares": spared, 'call sites': sites, 'price of a vDSO read': fast, ...seen }) {
    const reads = spared && ofRuntime(spared, sites);
    return reads === undefined || reads.names.length === 0
      ? undefined
      : savedShare({ ...reads, callsCaught: seen['patched vDSO'] === false }, fast);
  },
  reference: 'Go runtime/vdso_linux.go, sys_linux_*.s; golang/go issue 62309 (arm64, fixed in 1.22)',
});

function noClockCode({ name, clockPath }: Runtime): string {
  if (name === 'none') return 'it has no language runtime that brings clock code of its own';
  return clockPath ?? `of its runtime (${name}) no clock code of its own is known`;
}

/** Where no place was sampled, all that enters may be the runtime's. */
function ofRuntime(reads: EnteredReads, sites: Parameters<typeof fromOrigin>[1]): EnteredReads {
  if (sites === undefined) return reads;
  const own = fromOrigin(reads, sites, 'runtime');
  return own.names.length > 0 ? own : fromOrigin(reads, sites, 'unnamed');
}

/** Since when Go's runtime finds a vDSO that it is told of, whatever its hash tables (runtime/vdso_linux_*.go). */
const findsSince: Readonly<Record<string, string>> = { x86_64: '1.6', riscv64: '1.18', aarch64: '1.22' };

function findsVdso({ name, version }: Runtime, architecture: string | undefined): boolean {
  const since = findsSince[architecture ?? ''];
  return name === 'go' && version !== undefined && since !== undefined && isAtLeast(version.replace(/^go/, ''), since);
}

function unhide(reads: EnteredReads): Fix {
  return {
    command:
      'find out what keeps the vDSO from it: a loader or sandbox that hides AT_SYSINFO_EHDR, or a changed binary',
    effect: `its runtime uses a vDSO that it finds: ${effectHere(reads)}`,
    risk: 'that of a new start',
    reversible: true,
    wouldNotHelp: 'a newer Go: this one looks the vDSO up by itself; nor another clocksource or libc',
  };
}

function newerGo(reads: EnteredReads): Fix {
  return {
    command: 'build it with Go 1.22 or newer',
    effect: `the runtime finds the vDSO where there is one: ${effectHere(reads)}`,
    risk: 'that of a rebuild',
    reversible: true,
    wouldNotHelp: 'another clocksource or another libc: Go reads clocks by code of its own, with cgo too',
  };
}

export const runtimeRules: readonly Rule[] = [runtimeBypassesVdso];
