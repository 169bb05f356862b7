import { expect } from 'vitest';
import {
  available,
  denied,
  type PriceList,
  tscPrices,
  unseenVdso,
  unservedPrices,
  vdsoImage,
} from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const cpuTime = [['clock_gettime', 3, 20_000]] as const;
const bootTime = [['clock_gettime', 7, 20_000]] as const;
/** Kernel 4.18: MONOTONIC through the vDSO, BOOTTIME not. */
const oldPrices: PriceList = { ...tscPrices, '7.vdso': 172, '4.vdso': 171 };
const oldHost = { kernelRelease: available('4.18.0-553.el8.x86_64') };

describeRule('clock-never-in-vdso', [
  {
    name: 'a CPU-time clock that is read',
    scenario: { entries: cpuTime },
    verdict: 'confirmed',
    clock: 'THREAD_CPUTIME_ID',
    seen: [
      'THREAD_CPUTIME_ID entered the kernel 20 k/s over 14 s, as each read of it must: CPU time is kept by the scheduler, and no vDSO serves it',
      'the vDSO takes 222 ns for THREAD_CPUTIME_ID and the syscall 212 ns: going through it saves nothing',
    ],
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.effect).toBe('each read left out saves 212 ns');
      expect(fix?.wouldNotHelp).toBe('another clocksource, kernel or libc: none of them makes a vDSO serve this clock');
      expect(savesCoreShare?.low).toBe(0);
    },
  },
  {
    name: 'a CPU-time clock beside a patched vDSO: it enters with any',
    scenario: { entries: cpuTime, target: { vdso: vdsoImage({ sameAsOurs: false, differsAt: [0x600] }) } },
    verdict: 'confirmed',
    clock: 'THREAD_CPUTIME_ID',
  },
  {
    name: 'an alarm clock, which tells the time of another',
    scenario: { entries: [['clock_gettime', 9, 20_000]] },
    verdict: 'confirmed',
    clock: 'BOOTTIME_ALARM',
    also: ({ fix }) => expect(fix?.command).toBe('read CLOCK_BOOTTIME instead of CLOCK_BOOTTIME_ALARM'),
  },
  {
    name: 'an alarm clock on an hpet host: the clock that tells the same time is no faster there',
    scenario: { entries: [['clock_gettime', 9, 20_000]], prices: unservedPrices(1_500) },
    verdict: 'confirmed',
    clock: 'BOOTTIME_ALARM',
    also: ({ fix }) =>
      expect(fix?.effect).toBe(
        'the time that the alarm clock tells where the machine has a real-time clock (without one its reads fail), and a vDSO serves it; that of this host does not, so that nothing is saved until it does',
      ),
  },
  {
    name: 'the clock of a descriptor',
    scenario: { entries: [['clock_gettime', 34, 2_000]] },
    verdict: 'confirmed',
    clock: 'clock of a descriptor',
  },
  {
    name: 'an id that no clock has',
    scenario: { entries: [['clock_gettime', 35, 2_000]] },
    verdict: 'confirmed',
    clock: 'id no clock has',
    also: ({ fix }) => expect(fix?.command).toBe('find the caller that passes this clock id and correct it'),
  },
  {
    name: 'an auxiliary clock, which a vDSO may serve',
    scenario: { entries: [['clock_gettime', 16, 2_000]] },
    verdict: 'ruled-out',
    clock: 'AUX0',
  },
  { name: 'a clock that a vDSO serves', scenario: { entries: bootTime }, verdict: 'ruled-out', clock: 'BOOTTIME' },
  { name: 'nothing that entered', scenario: {}, verdict: 'ruled-out' },
  {
    name: 'entries that cannot be counted',
    scenario: { both: { entries: denied() } },
    verdict: 'unknown',
    missing: ['kernel entries'],
  },
]);

describeRule('clock-not-in-this-kernels-vdso', [
  {
    name: 'a clock as dear by vDSO as by syscall, beside fast ones',
    scenario: { entries: bootTime, prices: oldPrices, host: oldHost },
    verdict: 'confirmed',
    clock: 'BOOTTIME',
    seen: [
      'the vDSO takes 172 ns for BOOTTIME, but 21.3 ns for REALTIME',
      "mainline's vDSO does not serve BOOTTIME in 4.18.0-553.el8.x86_64",
    ],
    also: ({ fix }) => {
      expect(fix?.command).toBe('run a kernel whose vDSO serves CLOCK_BOOTTIME');
      expect(fix?.wouldNotHelp).toBe('another clocksource: the vDSO reads the other precise clocks fast as it is');
    },
  },
  {
    name: 'the same beside a patched vDSO, which may have it enter as well',
    scenario: {
      ...{ entries: bootTime, prices: oldPrices, host: oldHost },
      target: { vdso: vdsoImage({ sameAsOurs: false, differsAt: [0x600] }) },
    },
    verdict: 'likely',
    clock: 'BOOTTIME',
  },
  {
    name: 'the same beside a vDSO that could not be read',
    scenario: { ...{ entries: bootTime, prices: oldPrices, host: oldHost }, target: unseenVdso },
    verdict: 'likely',
    clock: 'BOOTTIME',
    missing: ["the target's own vDSO"],
  },
  {
    name: 'the same on a kernel whose mainline serves it',
    scenario: { entries: bootTime, prices: oldPrices },
    verdict: 'confirmed',
    clock: 'BOOTTIME',
  },
  {
    name: 'an old kernel, not timed',
    scenario: {
      entries: bootTime,
      host: oldHost,
      prices: Object.fromEntries(Object.entries(tscPrices).filter(([key]) => !key.startsWith('7.'))),
    },
    verdict: 'likely',
    clock: 'BOOTTIME',
    missing: ['this clock by the vDSO'],
  },
  {
    name: 'hpet, where no precise clock is served',
    scenario: { entries: bootTime, prices: unservedPrices(1_500), host: { currentClocksource: available('hpet') } },
    verdict: 'ruled-out',
    clock: 'BOOTTIME',
    seen: ['the vDSO serves no other precise clock either: it is not this clock id'],
  },
  {
    name: 'a clock that is served here',
    scenario: { entries: bootTime },
    verdict: 'ruled-out',
    clock: 'BOOTTIME',
    seen: ["this host's vDSO serves BOOTTIME: 21.3 ns against 165 ns by syscall"],
  },
  {
    name: 'a clock that no vDSO serves',
    scenario: { entries: cpuTime, prices: oldPrices },
    verdict: 'ruled-out',
    clock: 'THREAD_CPUTIME_ID',
  },
  {
    name: 'an old kernel with hpet: both hold it back',
    scenario: {
      entries: bootTime,
      prices: unservedPrices(1_500),
      host: { ...oldHost, currentClocksource: available('hpet') },
    },
    verdict: 'likely',
    clock: 'BOOTTIME',
    also: ({ fix }) => {
      expect(fix?.effect).toMatch(/^reads stay in user space where the vDSO can read the clocksource/);
      expect(fix?.wouldNotHelp).toBeUndefined();
    },
  },
  {
    name: 'a kernel newer than any source that was read: its version says nothing',
    scenario: { entries: bootTime, prices: oldPrices, host: { kernelRelease: available('7.9.0') } },
    verdict: 'confirmed',
    clock: 'BOOTTIME',
    also: ({ evidence }) => expect(evidence.map(({ where }) => where)).not.toContain('kernel sources, x86_64'),
  },
  {
    name: 'nothing timed',
    scenario: { entries: bootTime, prices: {} },
    verdict: 'unknown',
    clock: 'BOOTTIME',
    missing: ['precise clocks of the vDSO'],
  },
]);
