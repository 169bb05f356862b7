import { expect } from 'vitest';
import { available, tscPrices, unavailable, unservedPrices } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const trapping = { ...tscPrices, 'counter.raw': 1_600 };

const page = { offset: 0, seq: 2, updatesPerSecond: 250, rateWindowMs: 1_000 } as const;
const onArm64 = { prices: trapping, host: { architecture: available('aarch64') } };

describeRule('tsc-read-traps', [
  {
    name: 'a counter far dearer than a syscall',
    scenario: { prices: trapping },
    verdict: 'confirmed',
    seen: ['a read of the counter takes 1.6 µs, a null syscall 110 ns'],
    // A coarse clock id would help: it reads no counter.
    also: ({ fix }) => expect(fix?.wouldNotHelp).toMatch(/^another libc, or another precise clock id:/),
  },
  {
    name: 'the same under a hypervisor without a name',
    scenario: { prices: trapping, host: { hypervisor: available('unknown') } },
    verdict: 'likely',
  },
  {
    name: 'the same while no clock is read from it',
    scenario: {
      prices: { ...unservedPrices(1_500), 'counter.raw': 1_600 },
      host: { currentClocksource: available('hpet') },
    },
    verdict: 'possible',
    seen: [
      'a read of the counter takes 1.6 µs, a null syscall 110 ns; no clock is read from it while the clocksource is hpet',
    ],
    also: ({ fix }) =>
      expect(fix?.wouldNotHelp).toBe('this alone: no clock is read from it while the clocksource is hpet'),
  },
  {
    name: 'an emulated CPU, slow in everything',
    scenario: {
      prices: { ...tscPrices, 'counter.raw': 1_600, 'null_syscall.syscall': 1_200 },
      host: { hypervisor: available('qemu-tcg') },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'a counter no dearer than a system call that goes by way of the hypervisor too',
    scenario: { prices: { ...tscPrices, 'counter.raw': 900, 'null_syscall.syscall': 1_200 } },
    verdict: 'unknown',
    seen: ['a read of the counter takes 900 ns, a null syscall 1.2 µs'],
  },
  {
    name: 'a slow counter, faster than any exit',
    scenario: { prices: { ...tscPrices, 'counter.raw': 150, 'null_syscall.syscall': 900 } },
    verdict: 'ruled-out',
  },
  {
    name: 'bare metal',
    scenario: { host: { hypervisor: available('none') } },
    verdict: 'ruled-out',
    seen: ['the CPU shows no hypervisor: a read of the counter takes 18 ns, a null syscall 110 ns'],
  },
  {
    name: 'a counter that is slow where no hypervisor shows: one may hide',
    scenario: { prices: trapping, host: { hypervisor: available('none') } },
    verdict: 'unknown',
  },
  {
    name: 'arm64 with an erratum of the counter, where the kernel itself takes the trap',
    scenario: { ...onArm64, both: { clockPage: available({ ...page, clockMode: 'none' }) } },
    verdict: 'unknown',
    seen: ['a read of the counter takes 1.6 µs, a null syscall 110 ns, and it may trap to the kernel itself'],
  },
  {
    name: 'arm64 whose clock page was not recognised',
    scenario: { ...onArm64, both: { clockPage: unavailable('unsupported') } },
    verdict: 'unknown',
    missing: ['clock data page'],
  },
  {
    name: 'arm64 whose kernel lets user space read the counter',
    scenario: { ...onArm64, both: { clockPage: available({ ...page, clockMode: 'archtimer' }) } },
    verdict: 'confirmed',
    also: ({ fix }) =>
      expect(fix?.command).toBe(
        'let the hypervisor give the guest the virtual counter CNTVCT_EL0 without traps (CNTHCTL_EL2)',
      ),
  },
  { name: 'a counter of 18 ns', scenario: {}, verdict: 'ruled-out' },
  {
    name: 'a counter that was not timed',
    scenario: { prices: {} },
    verdict: 'unknown',
    missing: ['price of a counter read'],
  },
]);

describeRule('tsc-not-invariant', [
  {
    name: 'flags missing',
    scenario: { host: { cpu: available({ model: 'Old CPU', flags: ['tsc', 'constant_tsc'] }) } },
    verdict: 'confirmed',
    seen: ['the CPU flags lack nonstop_tsc'],
  },
  { name: 'both flags', scenario: {}, verdict: 'ruled-out' },
  { name: 'arm64', scenario: { host: { architecture: available('aarch64') } }, verdict: 'ruled-out' },
  { name: 'flags unread', scenario: { host: { cpu: unavailable('failed') } }, verdict: 'unknown' },
]);
