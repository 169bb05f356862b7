import { describe, expect, it } from 'vitest';
import { layBasis } from '../../../src/analysis/basis.ts';
import { judgeRules } from '../../../src/analysis/judge-rules.ts';
import { rules } from '../../../src/analysis/rules/index.ts';
import { executable, kernelSite, places, sampledSites } from '../call-sites-builder.ts';
import {
  available,
  denied,
  makeScenario,
  type Scenario,
  unseenVdso,
  unservedPrices,
  vdsoImage,
  vvarMapping,
} from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const { ratelimit, libcSyscall, libcClock, vdsoFallback, poll, jit, mappedJit, stripped, kernelVsyscall } = places;
const nameless = { address: '7f10c1003c', kind: 'library', module: '/opt/lib/libfoo.so' } as const;
const boottime = [['clock_gettime', 7, 60_100]] as const;
const sampled = (...sites: Parameters<typeof kernelSite>[]): Pick<Scenario, 'entries' | 'last'> => ({
  entries: boottime,
  last: { callSites: sampledSites(sites.map((site) => kernelSite(...site))) },
});
const hpet = {
  host: { currentClocksource: available('hpet'), availableClocksources: available(['hpet', 'acpi_pm']) },
  prices: unservedPrices(1_500),
};
const statically = { linkage: available('static' as const) };
const bits32 = { bits: available(32 as const) };
const patched = { vdso: vdsoImage({ sameAsOurs: false, differsAt: [0x600] }) };
const mayLeadThere =
  'something has written to the vDSO: a call that goes to it may be handed on and enter the kernel at such a place too';
const couldNotBeSeen =
  'whether something has patched the vDSO could not be seen: from a patched one, calls may enter the kernel at such a place too';
const written = { ...unseenVdso, vdsoWritten: available(true) };

describeRule('direct-syscall', [
  {
    name: 'through syscall() of libc, its caller named',
    scenario: sampled([[libcSyscall, ratelimit, poll]]),
    verdict: 'confirmed',
    seen: ['all 31 sampled entries of BOOTTIME come from syscall in libc.so.6, called by ratelimit+0x3c in libfoo.so'],
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.command).toBe(
        'call clock_gettime() of libc instead of the system call in ratelimit+0x3c in libfoo.so',
      );
      expect(fix?.effect).toBe('these reads stay in user space');
      // Others of the same program may ask it.
      expect(fix?.wouldNotHelp).toMatch(
        /^another clocksource, kernel or libc.*: these reads do not ask the vDSO at all$/,
      );
      expect(savesCoreShare?.value).toBeCloseTo(60_100 * (165 - 21.3) * 1e-9, 6);
    },
  },
  {
    name: 'through syscall() of libc, where no process has a vDSO',
    scenario: {
      ...sampled([[libcSyscall, ratelimit, poll]]),
      ...withoutVdso(),
    },
    verdict: 'confirmed',
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.effect).toMatch(/this host maps none, and nothing is saved/);
      expect(fix?.wouldNotHelp).toBe('a vDSO alone: these reads would not ask it');
      expect(savesCoreShare).toBeUndefined();
    },
  },
  {
    name: 'from memory without a name, where no process has a vDSO',
    scenario: { ...sampled([[jit]]), ...withoutVdso() },
    verdict: 'likely',
    also: ({ covers }) => expect(covers).toEqual(['BOOTTIME']),
  },
  {
    name: 'from a static executable without symbols, where no process has a vDSO',
    scenario: { ...sampled([[stripped]]), ...withoutVdso(statically) },
    verdict: 'possible',
  },
  {
    name: 'by libc, where no process has a vDSO',
    scenario: { ...sampled([[libcClock]]), ...withoutVdso() },
    verdict: 'ruled-out',
  },
  {
    name: 'by a tool that runs a program without its vDSO',
    scenario: { ...sampled([[poll]]), target: { mappings: available([vvarMapping]) } },
    verdict: 'ruled-out',
  },
  {
    name: 'by an instruction of its own',
    scenario: sampled([[poll]]),
    verdict: 'confirmed',
    seen: ['all 31 sampled entries of BOOTTIME come from poll_loop+0x12 in server, which makes the system call itself'],
  },
  {
    name: 'from memory without a name, which may hold a copy of other code',
    scenario: sampled([[jit]]),
    verdict: 'likely',
    seen: [
      'all 31 sampled entries of BOOTTIME come from anonymous memory at 0x7f20000010, which makes the system call itself, or is a copy of code that does (of a translator or an unpacker)',
    ],
    also: ({ covers }) => expect(covers).toEqual(['BOOTTIME']),
  },
  {
    name: 'from code of a JIT that names it',
    scenario: sampled([[mappedJit]]),
    verdict: 'confirmed',
    seen: ['all 31 sampled entries of BOOTTIME come from LFoo;::bar in JIT code, which makes the system call itself'],
  },
  {
    name: 'where the vDSO has only a GNU hash table, in which a lookup of its own may find nothing',
    scenario: { ...sampled([[ratelimit, poll]]), target: { vdso: gnuOnly() } },
    verdict: 'confirmed',
    also: ({ title, fix }) => {
      expect(title).not.toContain('not ask');
      expect(fix?.command).toMatch(
        /^call clock_gettime\(\) of libc .*; where that code looks for the vDSO itself .* GNU hash/,
      );
      expect(fix?.wouldNotHelp).toBe('another clocksource or libc alone: these reads do not come to the vDSO by libc');
    },
  },
  {
    name: 'by syscall() of libc, where the vDSO has only a GNU hash table: that asks nobody',
    scenario: { ...sampled([[libcSyscall, ratelimit]]), target: { vdso: gnuOnly() } },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.wouldNotHelp).toMatch(/^another clocksource, kernel or libc/),
  },
  {
    name: 'from a library without symbols, where the vDSO has only a GNU hash table: a runtime in it may look for it',
    scenario: { ...sampled([[nameless]]), target: { vdso: gnuOnly() } },
    verdict: 'possible',
    seen: [
      'all 31 sampled entries of BOOTTIME come from 0x7f10c1003c in libfoo.so: it has no symbol there, so its runtime and own code cannot be told apart',
    ],
  },
  {
    name: 'from a library without symbols, where the vDSO has both hash tables',
    scenario: sampled([[nameless]]),
    verdict: 'confirmed',
  },
  {
    name: 'a static executable of a libc that has a vDSO lookup, and makes the call by syscall()',
    scenario: { ...sampled([[executable('syscall', 0x19), poll]]), target: statically },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.wouldNotHelp).toContain('or linking it anew'),
  },
  {
    name: 'a static executable without any libc and without symbols',
    scenario: { ...sampled([[stripped]]), target: { ...statically, libc: available({ name: 'none' as const }) } },
    verdict: 'confirmed',
  },
  {
    name: 'a clocksource that no vDSO reads does not excuse it',
    scenario: { ...sampled([[libcSyscall, ratelimit]]), ...hpet },
    verdict: 'confirmed',
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.wouldNotHelp).toMatch(/^another clocksource alone/);
      expect(fix?.effect).toContain('does not yet help BOOTTIME');
      expect(savesCoreShare).toBeUndefined();
    },
  },
  {
    name: 'a 32-bit program, told by who called the door of every system call',
    scenario: { ...sampled([[kernelVsyscall, libcSyscall, poll]]), target: bits32 },
    verdict: 'confirmed',
  },
  {
    name: 'a 32-bit program whose callers are only guessed',
    scenario: { ...sampled([[kernelVsyscall, libcSyscall, poll], { foundBy: 'frame-pointer' }]), target: bits32 },
    verdict: 'unknown',
  },
  {
    name: 'a stripped static executable: it may be its libc',
    scenario: { ...sampled([[stripped]]), target: statically },
    verdict: 'possible',
    seen: [
      'all 31 sampled entries of BOOTTIME come from 0x401234 in server: it has no symbol there, so its libc, runtime and own code cannot be told apart',
    ],
  },
  {
    name: 'from memory without a name, to which a patched vDSO may jump',
    scenario: { ...sampled([[jit]]), target: patched },
    verdict: 'possible',
    seen: [mayLeadThere],
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.command).toMatch(/^find out what patched the vDSO of this process/);
      expect(fix?.wouldNotHelp).toContain('changing the program');
      expect(savesCoreShare?.low).toBe(0);
    },
  },
  {
    name: 'from a library that libc would not call, unless the vDSO that it calls is patched',
    scenario: { ...sampled([[ratelimit, libcClock, poll]]), target: patched },
    verdict: 'possible',
  },
  {
    name: 'by syscall() of libc, beside a patched vDSO',
    scenario: { ...sampled([[libcSyscall, ratelimit]]), target: patched },
    verdict: 'likely',
    seen: [mayLeadThere],
    also: ({ fix }) => {
      expect(fix?.command).toContain('in ratelimit+0x3c in libfoo.so');
      expect(fix?.effect).toMatch(/whether it answers them is not known$/);
    },
  },
  {
    name: 'in libc, beside a patched vDSO: that alone makes it no call of the program',
    scenario: { ...sampled([[libcClock, poll]]), target: patched },
    verdict: 'ruled-out',
  },
  {
    name: 'beside a vDSO that could not be read',
    scenario: { ...sampled([[libcSyscall, ratelimit, poll]]), target: unseenVdso },
    verdict: 'likely',
    seen: [couldNotBeSeen],
    also: ({ missing, savesCoreShare }) => {
      expect(missing).toContainEqual({
        reading: "the target's own vDSO",
        detail: 'denied: reading /proc/4242/mem needs the permission to attach a debugger',
        remedy: 'sudo vdsotop -p 4242',
      });
      expect(savesCoreShare?.low).toBe(0);
    },
  },
  {
    name: 'beside a vDSO that could not be read, and that nobody has written to',
    scenario: { ...sampled([[mappedJit]]), target: { ...unseenVdso, vdsoWritten: available(false) } },
    verdict: 'confirmed',
  },
  {
    name: 'beside a vDSO that could not be read, and that somebody has written to',
    scenario: { ...sampled([[jit]]), target: written },
    verdict: 'possible',
    seen: [mayLeadThere],
  },
  {
    name: 'in libc, beside a vDSO that could not be read',
    scenario: { ...sampled([[libcClock, poll]]), target: unseenVdso },
    verdict: 'ruled-out',
  },
  {
    name: 'a 32-bit program, whose vDSO cannot be compared and was not looked at',
    scenario: { ...sampled([[kernelVsyscall, libcSyscall, poll]]), target: { ...bits32, ...unseenVdso } },
    verdict: 'likely',
    seen: [couldNotBeSeen],
    missing: ["the target's own vDSO"],
  },
  {
    name: 'a 32-bit program that somebody has patched the vDSO of, as rr does',
    scenario: { ...sampled([[kernelVsyscall, ratelimit, poll]]), target: { ...bits32, ...written } },
    verdict: 'possible',
    seen: [mayLeadThere],
  },
  {
    name: 'with the vDSO of every process',
    scenario: { ...sampled([[mappedJit]]), target: { vdso: vdsoImage({ sameAsOurs: true, differsAt: [] }) } },
    verdict: 'confirmed',
  },
  {
    name: 'with the vDSO of every process, in a time namespace: that changes what it reads, and not its image',
    scenario: {
      ...sampled([[mappedJit]]),
      target: { vdso: vdsoImage({ sameAsOurs: true, differsAt: [] }), otherTimeNamespace: available(true) },
    },
    verdict: 'confirmed',
  },
  {
    name: 'a 32-bit program, of which the vDSO is another one anyway',
    scenario: { ...sampled([[kernelVsyscall, libcSyscall, poll]]), target: { ...bits32, ...patched } },
    verdict: 'confirmed',
  },
  {
    name: 'of a patched vDSO nothing sampled',
    scenario: { entries: boottime, last: { callSites: denied() }, target: patched },
    verdict: 'unknown',
    missing: ['call sites'],
  },
  {
    name: 'the vDSO was called and fell back',
    scenario: sampled([[vdsoFallback, libcClock, poll]]),
    verdict: 'ruled-out',
  },
  { name: 'libc makes the call', scenario: sampled([[libcClock, poll]]), verdict: 'ruled-out' },
  {
    name: 'nothing to ask',
    scenario: { ...sampled([[poll]]), target: { mappings: available([vvarMapping]) } },
    verdict: 'ruled-out',
  },
  {
    name: 'a clock that no vDSO serves',
    scenario: {
      entries: [['clock_gettime', 3, 20_000]],
      last: { callSites: sampledSites([kernelSite([poll], { slot: 3 })]) },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'not permitted',
    scenario: { entries: boottime, last: { callSites: denied() } },
    verdict: 'unknown',
    missing: ['call sites'],
  },
  {
    name: 'not sampled yet',
    scenario: { entries: boottime, last: { callSites: sampledSites([]) } },
    verdict: 'unknown',
    missing: ['call sites'],
  },
  { name: 'not counted', scenario: { both: { entries: denied() } }, verdict: 'unknown', missing: ['kernel entries'] },
]);

describeRule('libc-bypasses-vdso', [
  {
    name: 'in a libc that a static executable has loaded, whose own is not the one that asks nobody',
    scenario: { ...sampled([[libcClock, poll]]), target: { linkage: available('static' as const) } },
    verdict: 'unknown',
    seen: ['the executable is static, and has loaded a libc that enters for BOOTTIME'],
  },
  {
    name: 'the instruction is in the shared libc',
    scenario: {
      ...sampled([[libcClock, poll]]),
      target: { libc: available({ name: 'musl' as const, version: '1.2.3' }) },
    },
    verdict: 'confirmed',
    seen: [
      'all 31 sampled entries of BOOTTIME come from clock_gettime in libc.so.6, called by poll_loop+0x12 in server',
    ],
    // This vDSO has what any musl looks for: a newer one would be told of it as little.
    also: ({ fix }) => {
      expect(fix?.command).toBe('run it on a libc that finds this vDSO, without what hides the vDSO from it');
      expect(fix?.wouldNotHelp).toMatch(/^another clocksource, or changing the program/);
    },
  },
  {
    name: 'in the shared libc, of which a patched vDSO may have refused the call',
    scenario: {
      ...sampled([[libcClock, poll]]),
      target: { libc: available({ name: 'musl' as const, version: '1.2.3' }), ...patched },
    },
    verdict: 'possible',
    seen: [mayLeadThere],
    also: ({ fix }) => expect(fix?.command).toMatch(/^find out what patched the vDSO/),
  },
  {
    name: 'in the shared libc, of which a vDSO that could not be read may have refused the call',
    scenario: {
      ...sampled([[libcClock, poll]]),
      target: { libc: available({ name: 'musl' as const, version: '1.2.3' }), ...unseenVdso },
    },
    verdict: 'likely',
    seen: [couldNotBeSeen],
    missing: ["the target's own vDSO"],
    also: ({ savesCoreShare }) => expect(savesCoreShare?.low).toBe(0),
  },
  {
    name: 'a vDSO that could not be read, of a kernel in whose vDSO musl finds nothing',
    scenario: {
      ...sampled([[libcClock, poll]]),
      host: { ownVdso: gnuOnlyHost() },
      target: { libc: available({ name: 'musl' as const, version: '1.2.5' }), ...unseenVdso },
    },
    verdict: 'confirmed',
  },
  {
    name: 'a patched vDSO in which musl finds nothing',
    scenario: {
      ...sampled([[libcClock, poll]]),
      target: {
        libc: available({ name: 'musl' as const, version: '1.2.5' }),
        vdso: vdsoImage({ sameAsOurs: false, differsAt: [0x600], hashTables: ['gnu'] }),
      },
    },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.command).toBe('run it on musl 1.2.6 or newer, or on glibc'),
  },
  {
    name: 'musl before 1.2.6 and a vDSO with a GNU hash table only, nothing sampled',
    scenario: {
      entries: boottime,
      target: { libc: available({ name: 'musl' as const, version: '1.2.5' }), vdso: gnuOnly() },
    },
    verdict: 'likely',
    seen: ['the vDSO has only a GNU hash table, and musl 1.2.5 looks symbols up by the other kind: it finds none'],
    missing: ['call sites'],
  },
  {
    name: 'musl that does not say which one it is, and a vDSO with a GNU hash table only',
    scenario: {
      ...sampled([[libcClock, poll]]),
      target: { libc: available({ name: 'musl' as const }), vdso: gnuOnly() },
    },
    verdict: 'confirmed',
    seen: [
      'the vDSO has only a GNU hash table, and musl up to 1.2.5 looks symbols up by the other kind: it finds none',
    ],
  },
  {
    name: 'the same, but the entries are made by the program',
    scenario: {
      ...sampled([[libcSyscall, poll]]),
      target: { libc: available({ name: 'musl' as const, version: '1.2.5' }), vdso: gnuOnly() },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'musl 1.2.6, which finds it, nothing sampled',
    scenario: {
      entries: boottime,
      target: { libc: available({ name: 'musl' as const, version: '1.2.6' }), vdso: gnuOnly() },
    },
    verdict: 'unknown',
    missing: ['call sites'],
  },
  {
    name: 'a 32-bit program: the door is in [vdso], its caller decides',
    scenario: { ...sampled([[kernelVsyscall, libcClock, poll]]), target: bits32 },
    verdict: 'confirmed',
  },
  { name: 'past the libc', scenario: sampled([[libcSyscall, poll]]), verdict: 'ruled-out' },
  {
    name: 'text without symbols of a dynamic executable, which holds no libc',
    scenario: { ...sampled([[stripped]]), target: { runtime: go('1.20') } },
    verdict: 'ruled-out',
  },
  {
    name: 'memory without a name, which may hold a copy of it',
    scenario: sampled([[jit]]),
    verdict: 'unknown',
  },
  { name: 'in [vdso]', scenario: sampled([[vdsoFallback, libcClock]]), verdict: 'ruled-out' },
  { name: 'static', scenario: { ...sampled([[stripped]]), target: statically }, verdict: 'ruled-out' },
  {
    name: 'clock_getres(), which musl always asks the kernel: nobody promised better',
    scenario: {
      entries: [['clock_getres', 1, 9_000]],
      last: { callSites: sampledSites([kernelSite([libcClock], { fn: 'clock_getres' })]) },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'not permitted',
    scenario: { entries: boottime, last: { callSites: denied() } },
    verdict: 'unknown',
    missing: ['call sites'],
  },
]);

describeRule('runtime-bypasses-vdso', [
  {
    name: "Go's own clock code makes the call",
    scenario: {
      ...sampled([
        [executable('runtime.nanotime1.abi0', 0x9b), executable('time.Now', 0x40), executable('main.work', 0x51)],
      ]),
      target: { ...statically, runtime: go('1.19.8'), libc: available({ name: 'none' as const }) },
    },
    verdict: 'confirmed',
    seen: [
      'all 31 sampled entries of BOOTTIME come from runtime.nanotime1.abi0 in server, called by main.work+0x51 in server',
    ],
    // Go for x86-64 has found the vDSO since 1.6: something hides it.
    also: ({ fix }) => {
      expect(fix?.command).toMatch(/^find out what keeps the vDSO from it/);
      expect(fix?.wouldNotHelp).toMatch(/^a newer Go/);
    },
  },
  {
    name: "Go's own clock code, beside a patched vDSO",
    scenario: {
      ...sampled([[executable('runtime.nanotime1.abi0', 0x9b), executable('main.work', 0x51)]]),
      target: { ...statically, runtime: go('1.19.8'), libc: available({ name: 'none' as const }), ...patched },
    },
    verdict: 'possible',
    also: ({ fix }) => expect(fix?.command).toMatch(/^find out what patched the vDSO/),
  },
  {
    name: "Go's own clock code, beside a vDSO that could not be read",
    scenario: {
      ...sampled([[executable('runtime.nanotime1.abi0', 0x9b), executable('main.work', 0x51)]]),
      target: { ...statically, runtime: go('1.19.8'), libc: available({ name: 'none' as const }), ...unseenVdso },
    },
    verdict: 'likely',
    seen: [couldNotBeSeen],
    missing: ["the target's own vDSO"],
    also: ({ savesCoreShare }) => expect(savesCoreShare?.low).toBe(0),
  },
  {
    name: 'Go 1.21 on arm64 with a GNU hash table only, nothing sampled',
    scenario: {
      entries: boottime,
      host: { architecture: available('aarch64') },
      target: { ...statically, runtime: go('1.21.3'), vdso: gnuOnly() },
    },
    verdict: 'likely',
    missing: ['call sites'],
    also: ({ fix }) => {
      expect(fix?.command).toBe('build it with Go 1.22 or newer');
      expect(fix?.wouldNotHelp).toMatch(/^another clocksource or another libc/);
    },
  },
  {
    name: 'Go 1.22 on arm64, nothing sampled',
    scenario: {
      entries: boottime,
      host: { architecture: available('aarch64') },
      target: { ...statically, runtime: go('1.22.0'), vdso: gnuOnly() },
    },
    verdict: 'unknown',
    missing: ['call sites'],
  },
  {
    name: 'Go 1.10 on arm64, which does not look for a vDSO there, nothing sampled',
    scenario: {
      entries: boottime,
      host: { architecture: available('aarch64') },
      target: { ...statically, runtime: go('1.10'), vdso: gnuOnly() },
    },
    verdict: 'unknown',
    also: ({ evidence }) => expect(evidence.map(({ seen }) => seen).join()).not.toContain('wrong hash'),
  },
  {
    name: 'Go without symbols',
    scenario: { ...sampled([[stripped]]), target: { ...statically, runtime: go('1.19.8') } },
    verdict: 'possible',
  },
  {
    name: 'a dynamic Go without symbols, whose text is no libc',
    scenario: { ...sampled([[stripped]]), target: { runtime: go('1.19.8') } },
    verdict: 'possible',
    seen: [
      'all 31 sampled entries of BOOTTIME come from 0x401234 in server: it has no symbol there, so its runtime and own code cannot be told apart',
    ],
  },
  {
    name: 'Go, but a system call that the program makes',
    scenario: {
      ...sampled([
        [
          executable('internal/runtime/syscall.Syscall6', 0xe),
          executable('syscall.Syscall', 9),
          executable('main.work'),
        ],
      ]),
      target: { ...statically, runtime: go('1.23'), libc: available({ name: 'none' as const }) },
    },
    verdict: 'ruled-out',
  },
  { name: 'no runtime', scenario: sampled([[libcClock]]), verdict: 'ruled-out' },
  {
    name: 'fast Go',
    scenario: { hits: [['clock_gettime', 1, 8]], target: { runtime: go('1.19.8') } },
    verdict: 'ruled-out',
  },
  {
    name: 'executable denied',
    scenario: { ...sampled([[stripped]]), target: { runtime: denied() } },
    verdict: 'unknown',
    missing: ['runtime'],
  },
]);

describe('the clause of runtime-bypasses-vdso', () => {
  const clauseOf = (runtime: { readonly name: 'go' | 'python'; readonly version: string }) => {
    const place = { ...executable('runtime.nanotime1.abi0', 0x9b), kind: 'library' as const };
    const basis = layBasis(makeScenario({ ...sampled([[place]]), target: { runtime: available(runtime) } }));
    return judgeRules(rules, basis).find(({ finding: { id } }) => id === 'runtime-bypasses-vdso')?.clause;
  };

  it("names Go's version, and not that of another runtime in whose process a library of Go lies", () => {
    expect(clauseOf({ name: 'go', version: 'go1.19.8' })).toBe('Go 1.19.8 makes the system call in its own clock code');
    expect(clauseOf({ name: 'python', version: '3.11.2' })).toBe('Go makes the system call in its own clock code');
  });
});

function go(version: string) {
  return available({ name: 'go' as const, version });
}

function gnuOnly() {
  return vdsoImage({ sameAsOurs: true, differsAt: [], hashTables: ['gnu'] });
}

function gnuOnlyHost() {
  const image = { base: '7ffd1a5f2000', sizeBytes: 8_192, buildId: undefined, symbols: [] };
  return available({ ...image, hashTables: ['gnu'] as const });
}

function withoutVdso(target: Scenario['target'] = {}): Pick<Scenario, 'host' | 'target'> {
  return { host: { ownMappings: available([]) }, target: { ...target, mappings: available([]) } };
}
