import { expect } from 'vitest';
import { kernelSite, places, sampledSites } from '../call-sites-builder.ts';
import { available, denied, tscPrices, unavailable, unservedPrices, vvarMapping } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const reads = [['clock_gettime', 1, 20_000]] as const;
const none = available([]);
const bare = { ownMappings: none, ownVdso: unavailable('absent') };
const withoutVdsoPrices = Object.fromEntries(Object.entries(tscPrices).filter(([key]) => !key.endsWith('.vdso')));

describeRule('vdso-disabled', [
  {
    name: 'no vDSO in any process, as booted',
    scenario: {
      entries: reads,
      host: { ...bare, kernelCommandLine: available('quiet vdso=0') },
      target: { mappings: none },
      prices: withoutVdsoPrices,
    },
    verdict: 'confirmed',
    seen: ["vdsotop's own process has no [vdso] either", 'the kernel was booted with vdso=0'],
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.command).toBe('remove vdso=0 from the kernel command line and reboot');
      expect(savesCoreShare?.value).toBeCloseTo(20_000 * (165 - 18) * 1e-9, 6);
    },
  },
  {
    name: 'no vDSO and no such parameter',
    scenario: { entries: reads, host: bare, target: { mappings: none }, prices: withoutVdsoPrices },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.command).toBe('boot a kernel that maps a vDSO'),
  },
  {
    name: 'no vDSO, and only CPU time is read',
    scenario: {
      entries: [['clock_gettime', 3, 20_000]],
      host: bare,
      target: { mappings: none },
      prices: withoutVdsoPrices,
    },
    verdict: 'ruled-out',
    seen: ['no clock read that a vDSO serves entered the kernel in 14 s'],
  },
  { name: 'a vDSO as usual', scenario: { entries: reads }, verdict: 'ruled-out' },
  {
    name: 'no vDSO in any process, and a program that makes every system call itself',
    scenario: {
      entries: reads,
      host: bare,
      target: { mappings: none },
      prices: withoutVdsoPrices,
      last: { callSites: sampledSites([kernelSite([places.libcSyscall, places.poll], { slot: 1 })]) },
    },
    verdict: 'ruled-out',
    seen: ["vdsotop's own process has no [vdso] either"],
  },
  {
    name: 'a 32-bit target on a host booted with vdso32=0, whose libc enters by a gate of its own',
    scenario: {
      entries: reads,
      host: { kernelCommandLine: available('vdso32=0') },
      target: { bits: available(32), mappings: none },
      last: { callSites: sampledSites([kernelSite([places.libcSyscall, places.poll], { slot: 1 })]) },
    },
    verdict: 'confirmed',
  },
  {
    name: 'own mappings unread',
    scenario: { entries: reads, host: { ownMappings: unavailable('failed') } },
    verdict: 'unknown',
    missing: ["vdsotop's own mappings"],
  },
]);

describeRule('vdso-unmapped', [
  {
    name: 'a target as valgrind leaves it',
    scenario: { entries: reads, target: { mappings: available([vvarMapping]) } },
    verdict: 'confirmed',
    seen: [
      "the target has no [vdso]; vdsotop's own process has one",
      'its [vvar] is left, as valgrind leaves it',
      'exec gave it one, which was unmapped since',
    ],
  },
  {
    name: 'the same where the vDSO would not serve it either',
    scenario: { entries: reads, target: { mappings: none }, prices: unservedPrices(1_500) },
    verdict: 'likely',
    seen: ["this host's vDSO would not serve what it reads"],
  },
  { name: 'a target with its vDSO', scenario: { entries: reads }, verdict: 'ruled-out' },
  { name: 'an idle target', scenario: { target: { mappings: none } }, verdict: 'ruled-out' },
  {
    name: 'a host without any vDSO',
    scenario: { entries: reads, host: bare, target: { mappings: none }, prices: withoutVdsoPrices },
    verdict: 'ruled-out',
  },
  {
    name: 'mappings denied',
    scenario: { entries: reads, target: { mappings: denied('EACCES', 'sudo vdsotop -p 4242') } },
    verdict: 'unknown',
    missing: ["the target's mappings"],
    also: ({ missing }) => expect(missing[0]?.remedy).toBe('sudo vdsotop -p 4242'),
  },
]);
