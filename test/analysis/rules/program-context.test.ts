import { expect } from 'vitest';
import { places, vdsoSite } from '../call-sites-builder.ts';
import { available, denied, unseenVdso, vdsoImage } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const faketime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';

describeRule('interposed-libc', [
  {
    name: 'libfaketime stands first, and calls are bound to it',
    scenario: {
      target: {
        interposers: available([
          { symbol: 'clock_gettime', module: faketime, how: 'resolved-slot' as const },
          { symbol: 'time', module: faketime, how: 'search-order' as const },
        ]),
      },
    },
    verdict: 'confirmed',
    seen: [`clock_gettime() and time() are found in ${faketime} before libc, and calls are bound to it`],
  },
  {
    name: 'a program that defines one itself: there is no library between',
    scenario: {
      target: {
        interposers: available([{ symbol: 'time', module: '/usr/bin/server', how: 'search-order' as const }]),
      },
    },
    verdict: 'confirmed',
    seen: ['time() is found in /usr/bin/server before libc'],
    also: ({ title }) => expect(title).toMatch(/in a library or in the program itself$/),
  },
  { name: 'none', scenario: {}, verdict: 'ruled-out' },
  {
    name: 'unread',
    scenario: { target: { interposers: denied() } },
    verdict: 'unknown',
    missing: ['interposed clock functions'],
  },
]);

const callsCaught = 'MONOTONIC: calls of the vDSO were caught, though not how they ended';
const sampledCalls = available({
  sites: [vdsoSite([places.libcClock, places.poll], { fn: 'clock_gettime', slot: 1, samples: 50 })],
  samples: { kernel: 0, vdso: 50 },
  lost: 0,
  vdsoBy: 'time' as const,
});

describeRule('tsc-prctl-trap', [
  {
    name: 'seccomp mode strict, which forbids it: never more than possible',
    scenario: { target: { seccompMode: available('strict') } },
    verdict: 'possible',
  },
  {
    name: 'calls that a breakpoint caught, which is before a signal would meet them',
    scenario: { hits: [['clock_gettime', 1, 8]] },
    verdict: 'unknown',
    seen: [callsCaught],
    missing: ['prctl(PR_GET_TSC) of the target'],
    also: ({ evidence }) => expect(evidence.map(({ where }) => where)).toEqual(['breakpoints on vDSO functions']),
  },
  {
    name: 'calls that CPU samples interrupted where no breakpoint is hit',
    scenario: { hits: 'blind', last: { callSites: sampledCalls } },
    verdict: 'unknown',
    seen: [callsCaught],
    also: ({ evidence }) => expect(evidence.map(({ where }) => where)).toEqual(['CPU samples in the vDSO']),
  },
  { name: 'coarse clocks do not read the counter', scenario: { hits: [['clock_gettime', 6, 8]] }, verdict: 'unknown' },
  { name: 'riscv', scenario: { host: { architecture: available('riscv64') } }, verdict: 'ruled-out' },
  { name: 'nothing seen', scenario: {}, verdict: 'unknown' },
  { name: 'nothing watched', scenario: { hits: 'blind' }, verdict: 'unknown', missing: ['vDSO calls'] },
]);

describeRule('vdso-image-modified', [
  {
    name: 'patched in two places',
    scenario: { target: { vdso: vdsoImage({ sameAsOurs: false, differsAt: [0x600, 0x601] }) } },
    verdict: 'confirmed',
    seen: ['it differs from the vDSO of vdsotop itself, first at +0x600, +0x601: something has patched it'],
    also: ({ fix }) => expect(fix?.command).toMatch(/^find out what patched the vDSO of this process/),
  },
  {
    name: 'the same',
    scenario: { target: { vdso: vdsoImage({ sameAsOurs: true, differsAt: [] }) } },
    verdict: 'ruled-out',
  },
  {
    name: 'of the other word size, which is another image anyway',
    scenario: { target: { bits: available(32), vdso: vdsoImage({ sameAsOurs: false, differsAt: [4] }) } },
    verdict: 'unknown',
  },
  { name: 'denied', scenario: { target: unseenVdso }, verdict: 'unknown', missing: ["the target's own vDSO"] },
]);
