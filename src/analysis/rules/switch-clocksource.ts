import type { Fix } from '../../model/findings.ts';
import type { KernelLogLine } from '../../model/host.ts';
import { unstableTscLine } from './unstable-tsc.ts';

/** What the kernel falls back to when nothing better is left; none of them is read in user space. */
export const fallbackSources: readonly string[] = ['hpet', 'acpi_pm', 'jiffies', 'refined-jiffies', 'pit'];

/** Clocksources that a vDSO can read, the best first; each is rated higher than every last resort. */
const better: readonly string[] = [
  ...['tsc', 'kvm-clock', 'hyperv_clocksource_tsc_page', 'xen'],
  ...['arch_sys_counter', 'riscv_clocksource'],
];

const file = '/sys/devices/system/clocksource/clocksource0/current_clocksource';

/**
 * The best of those available that a vDSO can read, where it is better than the current one. A TSC that was marked unstable
 * is none, and stays in the list where timers are not in one-shot mode (available_clocksource_show).
 */
export function betterSource(current: string, available: readonly string[], tscUnstable: boolean): string | undefined {
  const worse = better.indexOf(current);
  return better
    .slice(0, worse === -1 ? better.length : worse)
    .find((name) => available.includes(name) && !(name === 'tsc' && tscUnstable));
}

/** What is known of the host of which the clocksource is to be switched. */
export interface SwitchReadings {
  readonly architecture?: string;
  readonly 'available clocksources'?: readonly string[];
  readonly 'kernel log'?: readonly KernelLogLine[];
}

/**
 * How to get off a clocksource: only to one that the kernel lists. A clocksource it has marked unstable is not listed,
 * and writing its name keeps the old one without an error message (kernel/time/clocksource.c,
 * sysfs_override_clocksource).
 */
export function switchFix(current: string, seen: SwitchReadings): Fix {
  const { 'available clocksources': available } = seen;
  const target = available && betterSource(current, available, isTscUnstable(seen));
  return target === undefined ? findOutFix(current, seen) : writeFix(current, target);
}

function isTscUnstable({ 'kernel log': log }: SwitchReadings): boolean {
  return unstableTscLine(log) !== undefined;
}

function writeFix(current: string, target: string): Fix {
  return {
    command: `echo ${target} | sudo tee ${file}`,
    effect: `the kernel reads time from ${target} at once; precise clocks return to the vDSO if it can read ${target} here`,
    risk:
      target === 'tsc'
        ? 'if the TSC of this machine is not steady, time can jump: the kernel may take it away again'
        : `time is then kept by ${target}; it lasts until the next boot`,
    reversible: true,
    wouldNotHelp: `another libc, or another precise clock id: with ${current} even a call of the vDSO enters the kernel for each of them`,
  };
}

/** Only x86 has a TSC; what the others keep time by is called a timer there. */
function findOutFix(current: string, seen: SwitchReadings): Fix {
  const { architecture, 'available clocksources': available } = seen;
  const hasTsc = architecture === 'x86_64';
  const listed = available === undefined ? '' : ` (available: ${available.join(' ')})`;
  return {
    command: `sudo dmesg | grep -i -e ${hasTsc ? 'tsc' : 'timer'} -e clocksource`,
    effect: `says why the kernel has nothing better than ${current}${listed}; mend that in firmware, hypervisor or boot parameters`,
    risk: `none: it only reads${hasTsc ? '; tsc=reliable at boot would switch the check off, and a drifting TSC then makes time jump' : ''}`,
    reversible: true,
    wouldNotHelp:
      (hasTsc ? uselessTsc(seen) : undefined) ??
      'another libc, or another precise clock id: the clocksource is that of all',
  };
}

function uselessTsc(seen: SwitchReadings): string | undefined {
  const { 'available clocksources': available } = seen;
  if (available !== undefined && !available.includes('tsc'))
    return 'echo tsc > current_clocksource: tsc is not among the available clocksources, and the kernel would keep the old one';
  return isTscUnstable(seen)
    ? 'echo tsc > current_clocksource: the kernel marked the TSC unstable, and by it time can jump'
    : undefined;
}
