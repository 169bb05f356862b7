import { expect } from 'vitest';
import type { EntryTotals } from '../../../src/model/entries.ts';
import { available, denied, vdsoMapping, vsyscallMapping } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const nothingCounted: EntryTotals = {
  method: 'bpf',
  exact: true,
  armedForMs: 16_000,
  counts: [],
  threads: [],
  unattributed: 0,
  sees32Bit: true,
};

/** With a page that can be read. */
const oldKernel = (release: string, commandLine: string) => ({
  host: { kernelRelease: available(release), kernelCommandLine: available(commandLine) },
  target: { mappings: available([vdsoMapping, { ...vsyscallMapping, permissions: 'r-xp' }]) },
});

describeRule('legacy-vsyscall', [
  {
    name: 'an architecture that never had the page',
    scenario: { host: { architecture: available('aarch64') }, target: { mappings: available([vdsoMapping]) } },
    verdict: 'ruled-out',
    seen: ['there is no [vsyscall] page on aarch64'],
  },
  {
    name: 'emulated calls were counted',
    scenario: { entries: [['vsyscall_time', 0, 5_000]] },
    verdict: 'confirmed',
    seen: ['time() by vsyscall entered the kernel 5 k/s over 14 s'],
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.command).toMatch(/where its own code calls the address, let it call libc instead$/);
      expect(fix?.wouldNotHelp).toBe(
        'vsyscall=emulate or vsyscall=xonly at boot: both trap into the kernel at every call',
      );
      expect(savesCoreShare?.value).toBeCloseTo(5_000 * (316 - 21.3) * 1e-9, 6);
    },
  },
  {
    name: 'a target without [vdso], of which an old glibc calls the page: a newer one would make system calls',
    scenario: {
      entries: [['vsyscall_time', 0, 5_000]],
      target: { mappings: available([{ ...vsyscallMapping, permissions: 'r-xp' }]) },
    },
    verdict: 'confirmed',
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.effect).toMatch(/^its reads become system calls, as long as it has no \[vdso\]/);
      expect(savesCoreShare).toBeUndefined();
    },
  },
  {
    name: 'the mode and the price of each path stand beside them',
    scenario: {
      entries: [
        ['vsyscall_gettimeofday', 0, 5_000],
        ['vsyscall_time', 0, 5_000],
      ],
    },
    verdict: 'confirmed',
    seen: [
      'the page is mapped --xp: mode xonly, every call traps and the page cannot be read, as this kernel is built',
      'gettimeofday() takes 345 ns by this page, 170 ns by syscall, 22 ns by the vDSO',
      'time() takes 316 ns by this page, 120 ns by syscall',
    ],
  },
  {
    name: 'the page can be read, as the kernel was told to let it',
    scenario: {
      entries: [['vsyscall_getcpu', 0, 5_000]],
      host: { kernelCommandLine: available('quiet vsyscall=none vsyscall=emulate') },
      target: { mappings: available([vdsoMapping, { ...vsyscallMapping, permissions: 'r-xp' }]) },
    },
    verdict: 'confirmed',
    seen: [
      'the page is mapped r-xp: mode emulate, every call traps and the page can be read (the kernel was booted with vsyscall=emulate)',
      'getcpu() takes 130 ns by syscall',
    ],
  },
  {
    name: 'the page is there, as in every process, and was not called',
    scenario: { entries: [['gettimeofday', 0, 5_000]] },
    verdict: 'ruled-out',
    seen: ['no legacy vsyscall was counted in 14 s'],
  },
  { name: 'no page', scenario: { target: { mappings: available([vdsoMapping]) } }, verdict: 'ruled-out' },
  {
    name: 'nothing counted where the page may hold real system calls',
    scenario: { entries: [['gettimeofday', 0, 5_000]], ...oldKernel('4.9.0', 'quiet') },
    verdict: 'unknown',
    missing: ['calls of a native legacy page'],
  },
  {
    name: 'nothing counted where it holds them',
    scenario: { entries: [['gettimeofday', 0, 5_000]], ...oldKernel('4.9.0', 'vsyscall=native') },
    verdict: 'unknown',
    missing: ['calls of a native legacy page'],
  },
  {
    name: 'nothing counted where an old kernel was told to emulate the page',
    scenario: { entries: [['gettimeofday', 0, 5_000]], ...oldKernel('4.9.0', 'vsyscall=native vsyscall=emulate') },
    verdict: 'ruled-out',
  },
  {
    name: 'nothing counted of a page that can be read, on a kernel that only emulates',
    scenario: { entries: [['gettimeofday', 0, 5_000]], ...oldKernel('4.18.0', 'vsyscall=native') },
    verdict: 'ruled-out',
  },
  {
    name: 'nothing counted of a 32-bit target, which proves nothing',
    scenario: { target: { bits: available(32) } },
    verdict: 'unknown',
    missing: ['kernel entries'],
  },
  {
    name: 'nothing counted of a 32-bit target, by a counter that sees its calls',
    scenario: { target: { bits: available(32) }, last: { entries: available(nothingCounted) } },
    verdict: 'ruled-out',
    seen: ['no legacy vsyscall was counted in 14 s'],
  },
  {
    name: 'entries denied',
    scenario: { both: { entries: denied() } },
    verdict: 'unknown',
    missing: ['kernel entries'],
  },
]);

describeRule('tracer-attached', [
  { name: 'traced', scenario: { target: { tracerPid: available(77) } }, verdict: 'confirmed' },
  { name: 'not traced', scenario: {}, verdict: 'ruled-out' },
  { name: 'status denied', scenario: { target: { tracerPid: denied() } }, verdict: 'unknown', missing: ['tracer'] },
]);

describeRule('seccomp-filter', [
  {
    name: 'filtered',
    scenario: { target: { seccompMode: available('filter') } },
    verdict: 'confirmed',
    // vdsotop may be under the same one, in the same container.
    seen: [
      'the system calls of at least one of its threads pass a filter; the prices are of vdsotop, whose own may pass another or none',
    ],
    // Since 5.11 what a filter always allows passes without its being run (kernel/seccomp.c, seccomp_cache_check_allow).
    also: ({ title }) => expect(title).not.toMatch(/runs at every/),
  },
  { name: 'not filtered', scenario: {}, verdict: 'ruled-out' },
  { name: 'status denied', scenario: { target: { seccompMode: denied() } }, verdict: 'unknown' },
]);

describeRule('time-namespace', [
  {
    name: 'another one',
    scenario: { target: { otherTimeNamespace: available(true) } },
    verdict: 'confirmed',
    also: ({ role, title }) => {
      expect(role).toBe('context');
      // Its reads may enter the kernel for another reason, on an hpet host say.
      expect(title).not.toMatch(/stay in the vDSO/);
    },
  },
  { name: 'the same', scenario: {}, verdict: 'ruled-out' },
  { name: 'unread', scenario: { target: { otherTimeNamespace: denied() } }, verdict: 'unknown' },
]);
