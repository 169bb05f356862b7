import { expect } from 'vitest';
import { available, denied } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const statically = { linkage: available('static' as const) };

describeRule('static-libc-without-vdso', [
  {
    name: 'static, and a served clock enters: never more than possible',
    scenario: { target: statically, entries: [['clock_gettime', 1, 20_000]] },
    verdict: 'possible',
    seen: ['the executable is static, and MONOTONIC entered the kernel 20 k/s over 14 s'],
    missing: ['call sites'],
    also: ({ fix }) => {
      expect(fix?.command).toContain('riscv64, and arm64 with a vDSO that has only a GNU hash table: 1.2.6 or newer');
      expect(fix?.wouldNotHelp).toBe('another clocksource or kernel: the vDSO of this host serves these clocks');
    },
  },
  {
    name: 'static, but it does call the vDSO by that function',
    scenario: { target: statically, entries: [['clock_gettime', 0, 20_000]], hits: [['clock_gettime', 1, 8]] },
    verdict: 'ruled-out',
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
