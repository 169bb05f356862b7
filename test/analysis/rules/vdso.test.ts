import { expect } from 'vitest';
import { kernelSite, places, sampledSites } from '../call-sites-builder.ts';
import { available, denied, tscPrices, unavailable, unservedPrices, vvarMapping } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const reads = [['clock_gettime', 1, 20_000]] as const;
const none = available([]);
const bare = { ownMappings: none, ownVdso: unavailable('absent') };
const compat = { bits: available(32 as const), mappings: none };
const givenNone = { ...compat, sysinfoEhdr: available('0') };
const untold = { ...compat, sysinfoEhdr: denied() };
const compatIs = (on: boolean, commandLine = 'quiet') => ({
  compatVdso: available(on),
  kernelCommandLine: available(commandLine),
});
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
    name: 'no vDSO on arm64, where vdso=0 on the command line is nothing to the kernel',
    scenario: {
      entries: reads,
      host: { ...bare, architecture: available('aarch64'), kernelCommandLine: available('quiet vdso=0') },
      target: { mappings: none },
      prices: withoutVdsoPrices,
    },
    verdict: 'confirmed',
    also: ({ fix, evidence }) => {
      expect(fix?.command).toBe('boot a kernel that maps a vDSO');
      expect(JSON.stringify(evidence)).not.toContain('vdso=0');
    },
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
    name: 'no vDSO in any process, and all entries from memory without a name, which may be a copy of libc',
    scenario: {
      entries: reads,
      host: bare,
      target: { mappings: none },
      prices: withoutVdsoPrices,
      last: { callSites: sampledSites([kernelSite([places.jit], { slot: 1 })]) },
    },
    verdict: 'likely',
    seen: [
      "vdsotop's own process has no [vdso] either",
      'all 31 sampled entries of MONOTONIC come from anonymous memory at 0x7f20000010, which makes the system call itself, or is a copy of code that does (of a translator or an unpacker)',
    ],
  },
  {
    name: 'no vDSO in any process, and libc enters beside memory without a name: its entries would be spared',
    scenario: {
      entries: reads,
      host: bare,
      target: { mappings: none },
      prices: withoutVdsoPrices,
      last: {
        callSites: sampledSites([kernelSite([places.jit], { slot: 1 }), kernelSite([places.libcClock], { slot: 1 })]),
      },
    },
    verdict: 'confirmed',
  },
  {
    name: 'vdso=1 after vdso=0, which is what counts; no vDSO all the same',
    scenario: {
      entries: reads,
      host: { ...bare, kernelCommandLine: available('vdso=0 vdso=1 -- vdso=0') },
      target: { mappings: none },
      prices: withoutVdsoPrices,
    },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.command).toBe('boot a kernel that maps a vDSO'),
  },
  {
    name: 'a 32-bit target on a host booted with vdso32=0, whose libc enters by a gate of its own',
    scenario: {
      entries: reads,
      host: compatIs(false, 'vdso32=0'),
      target: givenNone,
      last: { callSites: sampledSites([kernelSite([places.libcSyscall, places.poll], { slot: 1 })]) },
    },
    verdict: 'confirmed',
    seen: [
      'exec gave the target none: its vector has no AT_SYSINFO_EHDR',
      'abi.vsyscall32 is off: no 32-bit program that is started now gets a vDSO',
      'the kernel was booted with vdso32=0',
    ],
    also: ({ fix }) =>
      expect(fix?.command).toBe(
        'sudo sysctl abi.vsyscall32=1 (and remove vdso32=0 from the kernel command line), then start the target again',
      ),
  },
  {
    name: 'a 32-bit target that was started while abi.vsyscall32 was 0',
    scenario: { entries: reads, host: compatIs(true), target: givenNone },
    verdict: 'confirmed',
    also: ({ fix }) => expect(fix?.command).toBe('start the target again: abi.vsyscall32 is 1 by now'),
  },
  {
    name: 'a 32-bit target without vDSO, its vector unread, while abi.vsyscall32 is 0',
    scenario: { entries: reads, host: compatIs(false), target: untold },
    verdict: 'likely',
    missing: ['AT_SYSINFO_EHDR'],
  },
  {
    name: 'the same where it is 1, though the kernel was booted with vdso32=0',
    scenario: { entries: reads, host: compatIs(true, 'vdso32=0'), target: untold },
    verdict: 'possible',
  },
  {
    name: 'vdso32=2, which switches it off too, and no sysctl',
    scenario: {
      entries: reads,
      host: { compatVdso: unavailable('absent'), kernelCommandLine: available('vdso32=1 vdso32=2') },
      target: untold,
    },
    verdict: 'likely',
    also: ({ fix }) => expect(fix?.command).toBe('remove vdso32=2 from the kernel command line and reboot'),
  },
  {
    name: 'a 32-bit target that was given a vDSO',
    scenario: { entries: reads, host: compatIs(false, 'vdso32=0'), target: compat },
    verdict: 'ruled-out',
    seen: ['exec gave the target one: its vector has AT_SYSINFO_EHDR'],
  },
  {
    name: 'a 32-bit target of which nothing is known',
    scenario: { entries: reads, host: compatIs(true), target: { ...untold, mappings: denied() } },
    verdict: 'unknown',
    missing: ["the target's mappings", 'AT_SYSINFO_EHDR'],
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
  {
    name: 'a 32-bit target that was given none, as abi.vsyscall32 is 0',
    scenario: { entries: reads, host: compatIs(false), target: givenNone },
    verdict: 'ruled-out',
    seen: ['exec gave the target none: its vector has no AT_SYSINFO_EHDR'],
  },
  {
    name: 'a 32-bit target that was given one, whatever abi.vsyscall32 is now',
    scenario: { entries: reads, host: { ...bare, ...compatIs(false) }, target: compat },
    verdict: 'confirmed',
    seen: ['exec gave it a vDSO, and it has no [vdso] now'],
  },
  {
    name: 'a 32-bit target, its vector unread, where 32-bit programs get a vDSO',
    scenario: { entries: reads, host: compatIs(true), target: untold },
    verdict: 'likely',
    missing: ['AT_SYSINFO_EHDR'],
  },
  {
    name: 'the same where they get none now',
    scenario: { entries: reads, host: compatIs(false), target: untold },
    verdict: 'possible',
    missing: ['AT_SYSINFO_EHDR'],
  },
  {
    name: 'the same in a recording of before the sysctl was read',
    scenario: { entries: reads, target: untold },
    verdict: 'possible',
    missing: ['AT_SYSINFO_EHDR', 'abi.vsyscall32'],
  },
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
