import type { Fix } from '../../model/findings.ts';
import { nsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { ownTimings } from './entered.ts';
import { neverServing } from './never-serving.ts';

/**
 * Reading the counter takes 10 to 40 ns where the CPU does it; an exit to the hypervisor takes a microsecond or more.
 */
const trappingNs = 200;
const healthyNs = 100;

const emulated = 'the CPU is emulated by QEMU (TCG), where every instruction is slow';
/** A hypervisor can hide (QEMU's -cpu host,-hypervisor): only the price tells that nothing traps. */
const noneShown = 'the CPU shows no hypervisor';
/** arm64 for an erratum of the counter; the clock page then has the mode none. */
const counterErratum = 'drivers/clocksource/arm_arch_timer.c, arch_counter_set_user_access';

const tscReadTraps = targetRule({
  id: 'tsc-read-traps',
  layer: 'machine',
  role: 'cause',
  title: 'each read of the counter traps to the hypervisor',
  needs: ['price of a counter read', 'price of a null syscall', 'hypervisor', 'architecture'],
  mayUse: ['foreign kernel', 'clock data page', 'clocksource'],
  weigh({ 'price of a counter read': counter, 'price of a null syscall': nothing, hypervisor, ...seen }) {
    const prices = `a read of the counter takes ${nsPhrase(counter.p50)}, a null syscall ${nsPhrase(nothing.p50)}`;
    const { 'foreign kernel': foreign = 'none' } = seen;
    if (hypervisor === 'qemu-tcg') return [contradicts('decisive', `${emulated}: ${prices}`, 'CPUID')];
    if (foreign !== 'none')
      return [
        contradicts('strong', `the kernel is not Linux (${foreign}), and what a price tells is its own`, 'kernel'),
      ];
    if (hypervisor === 'none')
      return [contradicts(counter.p50 < trappingNs ? 'decisive' : 'weak', `${noneShown}: ${prices}`, 'CPUID')];
    if (counter.p50 < healthyNs) return [contradicts('decisive', prices, ownTimings)];
    if (counter.p50 < trappingNs) return [contradicts('strong', prices, ownTimings)];
    // Where system calls go by way of the hypervisor too (PVM), an exit costs no more than one.
    if (counter.p50 < nothing.p50) return [contradicts('weak', prices, ownTimings)];
    const { architecture, 'clock data page': page } = seen;
    if (architecture !== 'x86_64' && page?.clockMode !== 'archtimer')
      return [contradicts('weak', `${prices}, and it may trap to the kernel itself`, counterErratum)];
    const unread = unreadBy(seen.clocksource);
    if (unread !== undefined) return [supports('weak', `${prices}; ${unread}`, ownTimings)];
    return [supports(hypervisor === 'unknown' ? 'strong' : 'decisive', prices, ownTimings)];
  },
  clause: ({ 'price of a counter read': counter }) =>
    `each read of the counter takes ${nsPhrase(counter.p50)} on this machine`,
  fix: ({ clocksource, architecture }) => ({ ...untrap(architecture), wouldNotHelp: useless(clocksource) }),
  reference:
    'Intel SDM vol. 3, RDTSC exiting; AMD APM vol. 2, RDTSC intercept; Arm ARM, CNTHCTL_EL2.EL1TVCT (reads of CNTVCT_EL0)',
});

function untrap(architecture: string): Fix {
  return {
    command: `let the hypervisor give the guest ${counters[architecture] ?? 'the counter without exits'}`,
    effect: 'reads of the counter take tens of nanoseconds',
    risk: 'a change of the host',
    reversible: true,
  };
}

/** What a guest may read by itself, and what keeps it from that. */
const counters: Readonly<Record<string, string>> = {
  x86_64: 'the TSC without exits (no TSC emulation or scaling in software)',
  aarch64: 'the virtual counter CNTVCT_EL0 without traps (CNTHCTL_EL2)',
};

function unreadBy(clocksource: string | undefined): string | undefined {
  return clocksource !== undefined && neverServing.has(clocksource)
    ? `no clock is read from it while the clocksource is ${clocksource}`
    : undefined;
}

function useless(clocksource: string | undefined): string {
  const unread = unreadBy(clocksource);
  return unread === undefined
    ? 'another libc, or another precise clock id: every precise clock reads this counter'
    : `this alone: ${unread}`;
}

const tscNotInvariant = targetRule({
  id: 'tsc-not-invariant',
  layer: 'machine',
  role: 'amplifier',
  title: 'the CPU does not promise a TSC that keeps its rate and never stops',
  needs: ['architecture', 'CPU flags'],
  weigh({ architecture, 'CPU flags': { flags } }) {
    if (architecture !== 'x86_64') return [contradicts('decisive', `there is no TSC on ${architecture}`, 'uname')];
    const lacking = ['constant_tsc', 'nonstop_tsc'].filter((flag) => !flags.includes(flag));
    if (lacking.length === 0)
      return [contradicts('decisive', 'the CPU has constant_tsc and nonstop_tsc', '/proc/cpuinfo')];
    return [supports('decisive', `the CPU flags lack ${lacking.join(' and ')}`, '/proc/cpuinfo')];
  },
  reference: 'arch/x86/kernel/cpu/intel.c and amd.c: constant_tsc, nonstop_tsc',
});

export const machineRules: readonly Rule[] = [tscReadTraps, tscNotInvariant];
