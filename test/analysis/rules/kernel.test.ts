import { expect } from 'vitest';
import type { TimingSample } from '../../../src/model/prices.ts';
import { available, denied, type Scenario, tscPrices, unavailable } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const page = { offset: 0, clockMode: 'tsc', seq: 2, rateWindowMs: 1_000 } as const;

const oneClock = { '1.vdso': 21.3, '1.syscall': 165 };

/** So many batches of each clock in the window, beside the ten before it; `dear` of each of them took twice as long. */
function readsOfThePage(batches: number, dear = 0): Scenario {
  const timings = [0, 1, 7, 11].map(
    (clockId): TimingSample => ({
      ...({ call: 'clock_gettime', path: 'vdso', cpu: 0, callsPerBatch: 1_024, watched: true } as const),
      clockId,
      perCallNs: Array.from({ length: batches }, (_, at) => (at < dear ? 44 : 21.3 + at / 100)),
    }),
  );
  return { last: { timings } };
}

describeRule('seqcount-contention', [
  {
    name: 'the only CPU, which no reader can run beside',
    scenario: { host: { onlineCpus: available(1) } },
    verdict: 'ruled-out',
    seen: ['one CPU is online: no read runs while it updates the page'],
  },
  {
    name: 'a page updated with every tick, which held none of our own reads up, in a guest as elsewhere',
    scenario: readsOfThePage(30),
    verdict: 'ruled-out',
    seen: [
      '250 updates of the page a second and 21.3 ns a read: about 0.00053 % of reads meet one',
      'of 170 batches of our own reads of the page none took half as long again: readers wait at most 2.2 % of the time',
      'a read that meets an update retries in user space: it never enters the kernel',
    ],
  },
  {
    name: 'the same where one batch in eight took half as long again: a virtual CPU may be preempted within an update',
    scenario: readsOfThePage(30, 5),
    verdict: 'unknown',
    missing: ['how long updates of the clock page last'],
  },
  {
    name: 'too few batches to tell',
    scenario: { prices: oneClock },
    verdict: 'unknown',
    missing: ['how long updates of the clock page last'],
  },
  {
    name: 'the same where the CPUs could not be counted',
    scenario: { host: { onlineCpus: unavailable('failed') }, prices: oneClock },
    verdict: 'unknown',
    missing: ['online CPUs', 'how long updates of the clock page last'],
  },
  {
    name: 'a page updated all the time',
    scenario: { both: { clockPage: available({ ...page, updatesPerSecond: 1e6 }) } },
    verdict: 'likely',
  },
  {
    name: 'a page that precise clocks are not read from: neither their price nor how long they take tells of it',
    scenario: {
      ...readsOfThePage(30),
      prices: { ...tscPrices, '1.vdso': 50_000, '1.syscall': 50_000 },
      both: { clockPage: available({ ...page, clockMode: 'none', updatesPerSecond: 1_000 }) },
    },
    verdict: 'unknown',
    seen: ['precise clocks are not read from the page here, but asked of the kernel: clock mode none'],
    missing: ['how long updates of the clock page last'],
    also: ({ evidence }) => expect(evidence).toHaveLength(1),
  },
  {
    name: 'a page that was not recognised',
    scenario: { both: { clockPage: unavailable('unsupported') } },
    verdict: 'unknown',
    missing: ['clock data page'],
  },
]);

const reads = [['clock_gettime', 3, 20_000]] as const;

describeRule('syscall-mitigations', [
  {
    name: 'page-table isolation',
    scenario: {
      entries: reads,
      host: { mitigations: available({ meltdown: 'Mitigation: PTI', mds: 'Not affected' }) },
    },
    verdict: 'confirmed',
    seen: ['meltdown (Mitigation: PTI); a null syscall costs 110 ns with all of them on'],
  },
  {
    name: 'buffers cleared on the way out',
    scenario: {
      entries: reads,
      host: { mitigations: available({ mds: 'Mitigation: Clear CPU buffers; SMT disabled' }) },
    },
    verdict: 'confirmed',
  },
  {
    name: 'the register file cleared on the way out',
    scenario: {
      entries: reads,
      host: { mitigations: available({ reg_file_data_sampling: 'Mitigation: Clear Register File' }) },
    },
    verdict: 'confirmed',
  },
  {
    name: 'a mitigation that costs no entry',
    scenario: {
      entries: reads,
      host: { mitigations: available({ spectre_v2: 'Mitigation: Enhanced / Automatic IBRS' }) },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'priced: Mitigation: untrained return thunk',
    scenario: {
      entries: reads,
      host: { mitigations: available({ retbleed: 'Mitigation: untrained return thunk; SMT vulnerable' }) },
    },
    verdict: 'confirmed',
  },
  {
    name: 'priced: Mitigation: Safe RET',
    scenario: { entries: reads, host: { mitigations: available({ spec_rstack_overflow: 'Mitigation: Safe RET' }) } },
    verdict: 'confirmed',
  },
  {
    name: 'priced: Mitigation: IBPB',
    scenario: { entries: reads, host: { mitigations: available({ spec_rstack_overflow: 'Mitigation: IBPB' }) } },
    verdict: 'confirmed',
  },
  {
    name: 'priced: Mitigation: Stuffing',
    scenario: { entries: reads, host: { mitigations: available({ retbleed: 'Mitigation: Stuffing' }) } },
    verdict: 'confirmed',
  },
  {
    name: 'priced: Mitigation: Retpolines; BHI: SW lo',
    scenario: {
      entries: reads,
      host: { mitigations: available({ spectre_v2: 'Mitigation: Retpolines; BHI: SW loop, KVM: SW loop' }) },
    },
    verdict: 'confirmed',
  },
  {
    name: 'priced: Mitigation: IBPB on VMEXIT only',
    scenario: {
      entries: reads,
      host: { mitigations: available({ spec_rstack_overflow: 'Mitigation: IBPB on VMEXIT only' }) },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'priced: Mitigation: IBPB before exit to us',
    scenario: {
      entries: reads,
      host: { mitigations: available({ vmscape: 'Mitigation: IBPB before exit to userspace' }) },
    },
    verdict: 'ruled-out',
  },
  {
    // As lscpu shows it of Ice Lake servers: nothing there runs VERW on the way to user space.
    name: 'buffers cleared before a virtual machine runs, for MMIO stale data alone',
    scenario: {
      entries: reads,
      host: {
        mitigations: available({
          mds: 'Not affected',
          tsx_async_abort: 'Not affected',
          mmio_stale_data: 'Mitigation: Clear CPU buffers; SMT vulnerable',
        }),
      },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'the same where MDS has them cleared for user space, which its own line says',
    scenario: {
      entries: reads,
      host: {
        mitigations: available({
          mds: 'Mitigation: Clear CPU buffers; SMT vulnerable',
          mmio_stale_data: 'Mitigation: Clear CPU buffers; SMT vulnerable',
        }),
      },
    },
    verdict: 'confirmed',
    seen: ['mds (Mitigation: Clear CPU buffers; SMT vulnerable); a null syscall costs 110 ns with all of them on'],
  },
  {
    name: 'TSA cleared for virtual machines alone',
    scenario: { entries: reads, host: { mitigations: available({ tsa: 'Mitigation: Clear CPU buffers: VM' }) } },
    verdict: 'ruled-out',
  },
  {
    name: 'TSA cleared for user space',
    scenario: {
      entries: reads,
      host: { mitigations: available({ tsa: 'Mitigation: Clear CPU buffers: user/kernel boundary' }) },
    },
    verdict: 'confirmed',
  },
  {
    // As a Raspberry Pi 5 (Cortex-A76) shows it: a loop in the vectors; other CPUs of arm64 clear it by themselves.
    name: 'the branch history of arm64, by a loop or by the CPU: the line does not tell',
    scenario: {
      entries: reads,
      host: {
        architecture: available('aarch64'),
        mitigations: available({
          spec_store_bypass: 'Mitigation: Speculative Store Bypass disabled via prctl',
          spectre_v1: 'Mitigation: __user pointer sanitization',
          spectre_v2: 'Mitigation: CSV2, BHB',
        }),
      },
    },
    verdict: 'likely',
    seen: [
      'spectre_v2 (Mitigation: CSV2, BHB): in code that an entry may run; a null syscall costs 110 ns with all of them on',
    ],
  },
  {
    name: 'arm64 without that of the branch history',
    scenario: {
      entries: reads,
      host: { mitigations: available({ spectre_v2: 'Mitigation: Branch predictor hardening, but not BHB' }) },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'retpolines, which a system call meets at each indirect call',
    scenario: {
      entries: reads,
      host: { mitigations: available({ spectre_v2: 'Mitigation: Retpolines; STIBP: disabled; RSB filling' }) },
    },
    verdict: 'likely',
  },
  {
    name: 'nothing entered',
    scenario: { host: { mitigations: available({ meltdown: 'Mitigation: PTI' }) } },
    verdict: 'ruled-out',
  },
  { name: 'mitigations unread', scenario: { entries: reads, host: { mitigations: denied() } }, verdict: 'unknown' },
]);

describeRule('syscall-watched', [
  {
    name: 'perf counts the tracepoint',
    scenario: {
      entries: [['clock_gettime', 3, 20_000]],
      host: { otherWatchers: available(['perf (pid 900) holds a perf event']) },
    },
    verdict: 'confirmed',
    // They are looked for once, and may have ended since.
    seen: ['when vdsotop began: perf (pid 900) holds a perf event'],
    also: ({ title }) => expect(title).toContain('when vdsotop began'),
  },
  {
    name: 'watched, but nothing enters',
    scenario: { host: { otherWatchers: available(['perf (pid 900) holds a perf event']) } },
    verdict: 'ruled-out',
  },
  {
    name: 'nobody',
    scenario: { entries: [['clock_gettime', 3, 20_000]] },
    verdict: 'ruled-out',
    seen: ['nobody else was found to watch them when vdsotop began'],
  },
  {
    name: 'unread',
    scenario: { host: { otherWatchers: denied() } },
    verdict: 'unknown',
    missing: ['other watchers'],
  },
]);

describeRule('first-call-cost', [
  { name: 'three reads a second', scenario: { entries: [['clock_gettime', 3, 3]] }, verdict: 'possible' },
  { name: 'many', scenario: { entries: [['clock_gettime', 3, 20_000]] }, verdict: 'ruled-out' },
  { name: 'many by vDSO', scenario: { hits: [['clock_gettime', 1, 8]] }, verdict: 'ruled-out' },
  { name: 'none', scenario: {}, verdict: 'unknown' },
  { name: 'nothing watched', scenario: { hits: 'blind' }, verdict: 'unknown', missing: ['vDSO calls'] },
]);

describeRule('foreign-kernel', [
  {
    name: 'gVisor',
    scenario: { host: { foreignKernel: available('gvisor') } },
    verdict: 'confirmed',
    seen: ['the kernel is gVisor'],
  },
  { name: 'Linux', scenario: { host: { foreignKernel: available('none') } }, verdict: 'ruled-out' },
  {
    name: 'unread',
    scenario: { host: { foreignKernel: unavailable('failed') } },
    verdict: 'unknown',
    missing: ['foreign kernel'],
  },
]);
