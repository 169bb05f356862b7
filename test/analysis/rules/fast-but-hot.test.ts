import { expect } from 'vitest';
import type { CpuSamples } from '../../../src/model/cpu-samples.ts';
import { places, sampledSites, vdsoSite } from '../call-sites-builder.ts';
import { available, denied, type Scenario } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const { libcClock, poll } = places;
const periodNs = 10_007_000;

/** Eight calls of MONOTONIC each, caught in half a millisecond. */
const caught = Array.from({ length: 14 }, () => ({
  tid: 4_242,
  armedMs: 5,
  functions: [
    { fn: 'clock_gettime' as const, hits: [{ slot: 1, count: 8 }], usedUpAfterMs: 0.5 },
    { fn: 'gettimeofday' as const, hits: [] },
    { fn: 'time' as const, hits: [] },
  ],
}));

/** So many samples over a window, so many of them in [vdso], of a target that burns half a core. */
function sampled(samples: number, vdso: number, symbol = '__vdso_clock_gettime'): Scenario {
  const thread = { tid: 4_242, kernelClock: 0, kernel: 0 };
  const at = (all: number, inVdso: number): CpuSamples => ({
    periodNs,
    threads: [{ ...thread, samples: all, vdso: inVdso }],
    vdsoSymbols: { [symbol]: inVdso },
    weights: {
      all: all * periodNs,
      vdso: inVdso * periodNs,
      kernelClock: 0,
      kernel: 0,
      squares: all * periodNs ** 2,
    },
    watchedCpuNs: all * periodNs,
    sampledCpuNs: all * periodNs,
    ranNs: all * periodNs,
    seesKernel: true,
    namesKernel: true,
    lost: 0,
  });
  const callSites = sampledSites([vdsoSite([libcClock, poll], { samples: 40 })]);
  return {
    hits: [['clock_gettime', 1, 8]],
    both: { cpuSamples: available(at(0, 0)) },
    last: { cpuSamples: available(at(samples, vdso)), callSites, fastWindows: caught },
  };
}

/** The same by another clock. */
function ofSlot(slot: number): Scenario {
  const { last, ...scenario } = sampled(700, 280);
  const fastWindows = caught.map((window) => ({
    ...window,
    functions: [{ fn: 'clock_gettime' as const, hits: [{ slot, count: 8 }], usedUpAfterMs: 0.5 }],
  }));
  const callSites = sampledSites([vdsoSite([libcClock, poll], { samples: 40, slot })]);
  return { ...scenario, hits: [['clock_gettime', slot, 8]], last: { ...last, callSites, fastWindows } };
}

/** The same where no breakpoint may be set, or none is ever hit. */
function unwitnessed({ last, both }: Scenario): Scenario {
  return { both: { ...both, fastReads: denied() }, last: { ...last, fastReads: denied(), fastWindows: [] } };
}

/** The same where breakpoints were set, and met no call. */
function unmet({ last, ...scenario }: Scenario): Scenario {
  const fastWindows = caught.map(({ functions, ...one }) => ({
    ...one,
    functions: functions.map(({ fn }) => ({ fn, hits: [] })),
  }));
  return { ...scenario, hits: [], last: { ...last, fastWindows } };
}

const aux0 = 16;

/** All but one of the samples in [vdso] are of getrandom. */
function mostlyRandom(samples: number, vdso: number): Scenario {
  const { last = {}, ...scenario } = sampled(samples, vdso);
  const { cpuSamples } = last;
  if (cpuSamples === undefined || 'unavailable' in cpuSamples) throw new Error('nothing sampled');
  const vdsoSymbols = { __vdso_getrandom: vdso - 1, __vdso_clock_gettime: 1 };
  return { ...scenario, last: { ...last, cpuSamples: available({ ...cpuSamples.value, vdsoSymbols }) } };
}

describeRule('fast-but-hot', [
  {
    name: 'a fifth of a core',
    scenario: sampled(700, 280),
    verdict: 'confirmed',
    seen: ['all 40 sampled vDSO calls for MONOTONIC come from poll_loop+0x12 in server'],
    also: ({ fix, savesCoreShare, evidence }) => {
      // Both bound it.
      expect(evidence[0]?.where).toBe("CPU samples of the target's threads, breakpoints on vDSO functions");
      expect(fix?.command).toMatch(/^read CLOCK_MONOTONIC_COARSE in poll_loop\+0x12 in server, keep the time/);
      expect(fix?.effect).toMatch(
        /^half of them left out save 10 % of a core; a coarse read takes 3\.2 ns instead of 21\.3 ns$/,
      );
      expect(fix?.wouldNotHelp).toBe('another clocksource or libc: these reads are on the fast path already');
      expect(savesCoreShare?.value).toBeCloseTo(0.2 * (1 - 3.2 / 21.3), 2);
    },
  },
  {
    name: 'a fifth of a core by a clock that has no coarse one',
    scenario: ofSlot(7),
    verdict: 'confirmed',
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.command).toBe('keep the time for a batch of work in poll_loop+0x12 in server, or read it less often');
      expect(fix?.effect).toBe('half of them left out save 10 % of a core');
      expect(fix?.risk).not.toContain('coarse');
      expect(savesCoreShare).toBeUndefined();
    },
  },
  {
    name: 'a fifth of a core by two clocks, one of which has a coarse one',
    scenario: {
      ...ofSlot(7),
      hits: [
        ['clock_gettime', 7, 8],
        ['clock_gettime', 0, 4],
      ],
    },
    verdict: 'confirmed',
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.command).toMatch(
        /^read CLOCK_REALTIME_COARSE, keep the time .* or read BOOTTIME and REALTIME less often$/,
      );
      expect(savesCoreShare).toBeUndefined();
    },
  },
  {
    name: 'a fifth of a core by gettimeofday(), which tells the time of REALTIME',
    scenario: { ...sampled(700, 280, '__vdso_gettimeofday'), hits: [['gettimeofday', 0, 8]] },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.command).toMatch(/^read CLOCK_REALTIME_COARSE, keep/),
  },
  {
    name: 'a fifth of a core by the page of a hypervisor, where the bare counter may be cheaper',
    scenario: { ...sampled(700, 280), host: { currentClocksource: available('kvm-clock') } },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.wouldNotHelp).toBe('another libc: these reads are on the fast path already'),
  },
  {
    name: 'a fifth of a core, where CPU sampling alone can look',
    scenario: unwitnessed(sampled(700, 280)),
    verdict: 'confirmed',
    seen: ['20 % of a core (18 % to 22 %) is spent in [vdso] by clock reads that stay there, in clock_gettime()'],
    also: ({ fix, covers, savesCoreShare }) => {
      expect(fix?.command).toMatch(
        /^read a coarse clock \(REALTIME and MONOTONIC have one\), keep the time for a batch of work, or read the clock less/,
      );
      expect(covers).toEqual([]);
      expect(savesCoreShare).toBeUndefined();
    },
  },
  {
    name: 'a fifth of a core, all of it random numbers',
    scenario: unwitnessed(sampled(700, 280, '__vdso_getrandom')),
    verdict: 'ruled-out',
  },
  {
    name: 'no sample in [vdso], of too few to say that a hundredth of a core is not spent there',
    scenario: unwitnessed(sampled(40, 0)),
    verdict: 'unknown',
    missing: ['CPU samples of a longer time'],
  },
  {
    name: 'no sample in [vdso], of which too few were taken to tell: the calls that were caught do',
    scenario: sampled(40, 0),
    verdict: 'unknown',
    missing: ['CPU samples of a longer time'],
    also: ({ evidence: [first] }) => expect(first?.seen).toMatch(/^0\.2 % of a core \(0 % to /),
  },
  {
    name: 'a fifth of a core, by a clock of which it was not timed whether the vDSO serves it',
    scenario: {
      ...sampled(700, 280),
      hits: [['clock_gettime', aux0, 8]],
    },
    verdict: 'possible',
    seen: ['20 % of a core (0 % to 22 %) is spent in [vdso] by clock reads that stay there, in clock_gettime()'],
  },
  {
    name: 'a fifth of a core in random numbers, beside reads that cost next to nothing',
    scenario: mostlyRandom(700, 280),
    verdict: 'ruled-out',
    also: ({ evidence: [first] }) => expect(first?.seen).toMatch(/^0\.071 % of a core \(0\.\d+ % to 0\.44 %\)/),
  },
  { name: 'a thousandth of a core', scenario: sampled(700, 1), verdict: 'ruled-out' },
  {
    name: 'time in the vDSO that may all be of calls handed on to the kernel, or not',
    scenario: { ...sampled(700, 20), entries: [['clock_gettime', 3, 3_000_000]] },
    verdict: 'unknown',
    missing: ['CPU samples of a longer time'],
  },
  {
    name: 'no fast read',
    scenario: unmet(sampled(700, 280, '__vdso_getrandom')),
    verdict: 'ruled-out',
    seen: ['no read that the vDSO serves was caught'],
  },
  {
    name: 'a fifth of a core, in bursts that no window met',
    scenario: unmet(sampled(700, 280)),
    verdict: 'confirmed',
    seen: ['20 % of a core (18 % to 22 %) is spent in [vdso] by clock reads that stay there, in clock_gettime()'],
  },
  {
    name: 'not sampled',
    scenario: { hits: [['clock_gettime', 1, 8]], both: { cpuSamples: denied() } },
    verdict: 'unknown',
    missing: ['CPU samples'],
  },
]);
