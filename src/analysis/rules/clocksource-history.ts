import type { Evidence } from '../../model/findings.ts';
import { bootParameters } from '../boot-parameters.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { betterSource, fallbackSources } from './switch-clocksource.ts';
import { unstableTscLine } from './unstable-tsc.ts';

const listFile = '/sys/devices/system/clocksource/clocksource0/available_clocksource';

const tscMarkedUnstable = targetRule({
  id: 'tsc-marked-unstable',
  layer: 'clocksource',
  role: 'amplifier',
  title: 'the kernel marked the TSC unstable',
  needs: ['architecture', 'available clocksources'],
  mayUse: ['kernel log', 'whole kernel log'],
  weigh({ architecture, 'available clocksources': available, 'kernel log': log, 'whole kernel log': whole }) {
    if (architecture !== 'x86_64') return [contradicts('decisive', `there is no TSC on ${architecture}`, 'uname')];
    const line = unstableTscLine(log);
    const logged =
      line === undefined ? [] : [supports('decisive', `the kernel said: ${quote(line.text)}`, 'kernel log')];
    const silent = whole !== undefined && line === undefined;
    return [
      ...logged,
      ...(silent ? [contradicts('strong', 'no line of the kernel log says so', 'kernel log')] : []),
      available.includes('tsc')
        ? contradicts(line === undefined ? 'strong' : 'weak', 'tsc is among the available clocksources', listFile)
        : supports('strong', `tsc is not among the available clocksources (${available.join(' ')})`, listFile),
    ];
  },
  reference: 'arch/x86/kernel/tsc.c, mark_tsc_unstable; kernel/time/clocksource.c',
});

/** Kernel lines name clocksources and reasons; whatever else came in stays short and printable. */
function quote(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 160);
}

const clocksourceOverridden = targetRule({
  id: 'clocksource-overridden',
  layer: 'clocksource',
  role: 'amplifier',
  title: 'a slower clocksource was chosen than the kernel would choose',
  needs: ['clocksource', 'available clocksources'],
  mayUse: ['kernel command line', 'kernel log'],
  weigh({ clocksource, 'available clocksources': available, 'kernel command line': commandLine, ...seen }) {
    const line = unstableTscLine(seen['kernel log']);
    const passedOver = betterSource(clocksource, available, line !== undefined);
    if (passedOver === undefined)
      return [
        line !== undefined && available.includes('tsc')
          ? contradicts('decisive', `tsc was not passed over: the kernel said: ${quote(line.text)}`, 'kernel log')
          : contradicts('decisive', 'nothing better is available that could have been passed over', listFile),
      ];
    // Among these the kernel's ratings depend on the machine, and it does not show them.
    if (!fallbackSources.includes(clocksource)) return askedFor(clocksource, passedOver, commandLine);
    return askedAtBoot(commandLine) === clocksource
      ? [supports('decisive', `the kernel was booted with clocksource=${clocksource}`, '/proc/cmdline')]
      : [supports('strong', higherRated(passedOver, clocksource), listFile)];
  },
  undecidedWithout: {
    reading: 'ratings of the clocksources',
    detail: 'unsupported: the kernel does not show them',
  },
  reference: 'kernel/time/clocksource.c, clocksource_select: the highest rating wins unless overridden',
});

/**
 * What was marked unstable is rated 0, and stays in the list where timers are not in one-shot mode
 * (kernel/time/clocksource.c, available_clocksource_show).
 */
function higherRated(passedOver: string, clocksource: string): string {
  return `${passedOver} is available, and rated higher than ${clocksource} unless it was marked unstable`;
}

/** kvm-clock is rated 400, or 299 and below tsc where the TSC is invariant (arch/x86/kernel/kvmclock.c, kvmclock_init). */
function askedFor(clocksource: string, passedOver: string, commandLine: string | undefined): readonly Evidence[] {
  return askedAtBoot(commandLine) === clocksource
    ? [
        supports(
          'weak',
          `the kernel was booted with clocksource=${clocksource}, and ${passedOver} is available`,
          '/proc/cmdline',
        ),
      ]
    : [];
}

/** Each clocksource= on the line replaces the one before (kernel/time/clocksource.c, boot_override_clocksource). */
function askedAtBoot(commandLine = ''): string | undefined {
  return bootParameters(commandLine)
    .findLast((word) => word.startsWith('clocksource='))
    ?.slice('clocksource='.length);
}

export const clocksourceHistoryRules: readonly Rule[] = [tscMarkedUnstable, clocksourceOverridden];
