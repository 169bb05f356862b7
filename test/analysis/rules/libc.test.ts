import { expect } from 'vitest';
import { executable, kernelSite, libc, places, sampledSites } from '../call-sites-builder.ts';
import { available, denied, type Scenario, unseenVdso, unservedPrices, vdsoImage } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const statically = { linkage: available('static' as const) };

const { poll, stripped, vdsoFallback } = places;
const klibc = { ...statically, libc: available({ name: 'klibc' as const, version: '2.0.12' }) };
const sampled = (...frames: Parameters<typeof kernelSite>[0]): Pick<Scenario, 'entries' | 'last'> => ({
  entries: [['gettimeofday', 0, 20_000]],
  last: { callSites: sampledSites([kernelSite(frames, { fn: 'gettimeofday', slot: 0 })]) },
});

describeRule('static-libc-without-vdso', [
  {
    name: 'klibc, whose functions all make their system call in one place',
    scenario: { ...sampled(executable('__syscall_common', 2), poll), target: klibc },
    verdict: 'confirmed',
    seen: [
      'all 31 sampled entries of gettimeofday() come from __syscall_common in server, called by poll_loop+0x12 in server',
    ],
    also: ({ fix }) =>
      expect(fix?.wouldNotHelp).toBe('another clocksource or kernel: the vDSO of this host serves these clocks'),
  },
  {
    name: 'a glibc that uses the vDSO in static executables too: something hides it',
    scenario: {
      ...sampled(executable('gettimeofday', 5), poll),
      target: { ...statically, libc: available({ name: 'glibc' as const, version: '2.36' }) },
    },
    verdict: 'confirmed',
    also: ({ fix }) => {
      expect(fix?.command).toMatch(/^find out what hides the vDSO from it/);
      expect(fix?.wouldNotHelp).toMatch(/^linking it anew: glibc 2\.36 uses a vDSO that it is told of/);
    },
  },
  {
    name: 'a glibc before it did',
    scenario: {
      ...sampled(executable('gettimeofday', 5), poll),
      target: { ...statically, libc: available({ name: 'glibc' as const, version: '2.28' }) },
    },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.command).toMatch(/^link against glibc 2\.31 or newer/),
  },
  {
    name: 'the same, of which a vDSO that could not be read may have refused the call',
    scenario: {
      ...sampled(executable('gettimeofday', 5), poll),
      target: { ...statically, libc: available({ name: 'glibc' as const, version: '2.28' }), ...unseenVdso },
    },
    verdict: 'likely',
    missing: ["the target's own vDSO"],
    also: ({ savesCoreShare }) => expect(savesCoreShare?.low).toBe(0),
  },
  {
    name: 'a libc without a name',
    scenario: { ...sampled(executable('gettimeofday', 5), poll), target: { ...statically, libc: denied() } },
    verdict: 'likely',
  },
  {
    name: 'klibc on a host whose clocksource no vDSO reads',
    scenario: { ...sampled(executable('__syscall_common', 2)), target: klibc, prices: unservedPrices(1_500) },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.wouldNotHelp).toMatch(/^another clocksource alone/),
  },
  {
    name: 'static and stripped',
    scenario: { ...sampled(stripped), target: statically },
    verdict: 'possible',
  },
  {
    name: 'static and stripped, but something in it calls the vDSO for the same',
    scenario: { ...sampled(stripped), target: statically, hits: [['gettimeofday', 0, 8]] },
    verdict: 'possible',
  },
  {
    name: 'static and stripped, but Go in it calls the vDSO for the same, beside a libc that may not',
    scenario: {
      ...sampled(stripped),
      target: { ...statically, runtime: available({ name: 'go' as const, version: 'go1.20' }) },
      hits: [['gettimeofday', 0, 8]],
    },
    verdict: 'possible',
  },
  {
    name: 'it has loaded another libc, which makes them',
    scenario: { ...sampled(libc('gettimeofday', 5), poll), target: statically },
    verdict: 'ruled-out',
  },
  { name: 'it did ask', scenario: { ...sampled(vdsoFallback, poll), target: statically }, verdict: 'ruled-out' },
  {
    name: 'the program did',
    scenario: { ...sampled(executable('syscall', 2), poll), target: klibc },
    verdict: 'ruled-out',
  },
  {
    name: 'there is no libc in it',
    scenario: { ...sampled(poll), target: { ...statically, libc: available({ name: 'none' as const }) } },
    verdict: 'ruled-out',
  },
  {
    name: 'static, and a served clock enters: never more than possible',
    scenario: {
      target: { ...statically, libc: available({ name: 'glibc' as const }) },
      entries: [['clock_gettime', 1, 20_000]],
    },
    verdict: 'possible',
    seen: ['the executable is static, and MONOTONIC entered the kernel 20 k/s over 14 s'],
    missing: ['call sites'],
    also: ({ fix }) => {
      expect(fix?.command).toContain('riscv64, and arm64 with a vDSO that has only a GNU hash table: 1.2.6 or newer');
      expect(fix?.wouldNotHelp).toBe('another clocksource or kernel: the vDSO of this host serves these clocks');
    },
  },
  {
    name: 'a static musl that finds nothing in a vDSO with a GNU hash table only: that of another kernel may have both',
    scenario: {
      target: {
        ...statically,
        libc: available({ name: 'musl' as const, version: '1.2.3' }),
        vdso: vdsoImage({ sameAsOurs: true, differsAt: [], hashTables: ['gnu'] }),
      },
      entries: [['clock_gettime', 1, 20_000]],
    },
    verdict: 'likely',
    missing: ['call sites'],
    also: ({ fix }) => expect(fix?.wouldNotHelp).not.toContain('kernel'),
  },
  {
    name: 'static, but something in it calls the vDSO by that function',
    scenario: { target: statically, entries: [['clock_gettime', 0, 20_000]], hits: [['clock_gettime', 1, 8]] },
    verdict: 'possible',
  },
  {
    name: 'static, bound for one function of two',
    scenario: {
      target: statically,
      entries: [
        ['clock_gettime', 0, 20_000],
        ['gettimeofday', 0, 20_000],
      ],
      hits: [['clock_gettime', 1, 8]],
    },
    verdict: 'possible',
  },
  {
    name: 'static, only CPU time enters',
    scenario: { target: statically, entries: [['clock_gettime', 3, 20_000]] },
    verdict: 'ruled-out',
  },
  { name: 'static and fast', scenario: { target: statically, hits: [['clock_gettime', 1, 8]] }, verdict: 'ruled-out' },
  {
    name: 'static, without a vDSO to look for',
    scenario: { target: { ...statically, mappings: available([]) }, entries: [['clock_gettime', 1, 20_000]] },
    verdict: 'ruled-out',
  },
  { name: 'dynamic', scenario: { entries: [['clock_gettime', 1, 20_000]] }, verdict: 'ruled-out' },
  {
    name: 'executable denied',
    scenario: { target: { linkage: denied() }, entries: [['clock_gettime', 1, 20_000]] },
    verdict: 'unknown',
    missing: ['linkage'],
  },
  {
    name: 'static, nothing timed',
    scenario: { target: statically, entries: [['clock_gettime', 1, 20_000]], prices: {} },
    verdict: 'unknown',
  },
]);

describeRule('compat-32bit', [
  { name: '32 bits', scenario: { target: { bits: available(32) } }, verdict: 'confirmed' },
  { name: '64 bits', scenario: {}, verdict: 'ruled-out' },
  { name: 'unread', scenario: { target: { bits: denied() } }, verdict: 'unknown', missing: ['bits'] },
]);
