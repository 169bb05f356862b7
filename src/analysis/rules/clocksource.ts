import type { ClockPage } from '../../model/clock-page.ts';
import type { Evidence } from '../../model/findings.ts';
import { clockEntry } from '../clock-table.ts';
import type { TargetReadings } from '../facts/target-facts.ts';
import { mainlineServes } from '../kernel-version.ts';
import { nsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import type { ServedClock } from '../vdso-service.ts';
import { type Conditional, conditional } from './conditional-clocksources.ts';
import { ownTimings, savedShare, unlessUntouched } from './entered.ts';
import { neverServing } from './never-serving.ts';
import { throughVdso, unlessMadePast } from './sampled.ts';
import { betterSource, switchFix } from './switch-clocksource.ts';
import { unstableTscLine } from './unstable-tsc.ts';

const sysfs = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
const noPreciseRead = 'no precise clock';

/** What a rule sees of a vDSO that cannot read the clocksource and falls back to the system call. */
type Fallback = Pick<TargetReadings, "vdsotop's own mappings" | 'entries of precise clocks'> &
  Partial<Pick<TargetReadings, 'precise clocks of the vDSO' | 'price of a counter read' | 'call sites'>>;

/** Every read that comes to the vDSO is then of its making. */
const ofFallback = {
  origin: 'vdso',
  covers: ({ 'entries of precise clocks': reads, 'call sites': sites }: Fallback) => throughVdso(reads, sites).names,
  saves: ({ 'entries of precise clocks': reads, 'price of a counter read': counter, 'call sites': sites }: Fallback) =>
    savedShare(throughVdso(reads, sites), counter),
} as const;

const clocksourceNotVdsoCapable = targetRule({
  id: 'clocksource-not-vdso-capable',
  layer: 'clocksource',
  role: 'cause',
  title: 'the clocksource cannot be read in user space, so every precise clock enters the kernel',
  needs: ['clocksource', 'entries of precise clocks', "vdsotop's own mappings"],
  mayUse: [
    'precise clocks of the vDSO',
    'clock data page',
    'available clocksources',
    'price of a counter read',
    'kernel release',
    'kernel log',
    'architecture',
    'call sites',
  ],
  weigh(seen) {
    const { clocksource } = seen;
    if (Object.hasOwn(conditional, clocksource))
      return [
        contradicts('decisive', `${clocksource} can be read in user space; whether it is has a rule of its own`, sysfs),
      ];
    return weighFallback(seen, [
      ...byName(clocksource, seen['kernel release']),
      ...byMeasurement(seen['precise clocks of the vDSO']),
      ...byClockMode(seen['clock data page']),
    ]);
  },
  ...ofFallback,
  clause: ({ clocksource }) => `clocksource ${clocksource} cannot be read in user space`,
  fix: ({ clocksource, ...seen }) => switchFix(clocksource, seen),
  because: ['tsc-marked-unstable', 'clocksource-overridden'],
  reference: 'arch/x86/include/asm/vdso/clocksource.h; hpet left the vDSO with commit 1ed95e52d902',
});

/** lib/vdso/gettimeofday.c, do_hres: with that mode every precise clock is asked of the kernel. */
const noneMode = 'the kernel has told the vDSO of this host that it cannot read the clocksource: clock mode none';

function byClockMode(page: ClockPage | undefined): readonly Evidence[] {
  return page?.clockMode === 'none' ? [supports('decisive', noneMode, '[vvar] of vdsotop itself')] : [];
}

function byName(clocksource: string, release: string | undefined): readonly Evidence[] {
  if (neverServing.has(clocksource))
    return [supports('strong', `the clocksource is ${clocksource}, which no vDSO reads`, sysfs)];
  return serving.has(clocksource) || (clocksource === 'riscv_clocksource' && riscvReads(release))
    ? [contradicts('strong', `the clocksource is ${clocksource}, which a vDSO reads`, sysfs)]
    : [];
}

const serving: ReadonlySet<string> = new Set(['tsc', 'tsc-early']);

/** The vDSO of riscv has symbols since 4.15, but reads the counter only since 5.8 (arch/riscv/kernel/vdso). */
function riscvReads(release: string | undefined): boolean {
  return release !== undefined && mainlineServes(clockEntry(0), 'riscv64', release) === true;
}

/** What our own process measured decides; without it the name of the clocksource only makes it likely. */
function byMeasurement(precise: readonly ServedClock[] | undefined): readonly Evidence[] {
  const unserved = precise?.find(({ served }) => !served);
  if (unserved?.vdsoNs === undefined || unserved.syscallNs === undefined) return [];
  // Where others took the CPU meanwhile, prices of the same thing lie far apart, and say nothing.
  if (unserved.vdsoNs < unserved.syscallNs / 2) return [];
  const prices = `${nsPhrase(unserved.vdsoNs)} for ${unserved.name} and the syscall ${nsPhrase(unserved.syscallNs)}`;
  return [supports('decisive', `the vDSO takes ${prices}: it makes that syscall`, ownTimings)];
}

function weighFallback(seen: Fallback, evidence: readonly Evidence[]): readonly Evidence[] {
  const { 'entries of precise clocks': reads, 'call sites': sites } = seen;
  return withoutOtherReason(seen) ?? unlessUntouched(reads, noPreciseRead, unlessMadePast(reads, sites, evidence));
}

/** What rules every clocksource out: no vDSO on the host at all, or one that does read the counter. */
function withoutOtherReason(seen: Fallback): readonly Evidence[] | undefined {
  if (!seen["vdsotop's own mappings"].some(({ name }) => name === '[vdso]'))
    return [
      contradicts('decisive', 'this host maps no vDSO at all: no clocksource could be read in one', '/proc/self/maps'),
    ];
  const served = seen['precise clocks of the vDSO']?.find((clock) => clock.served);
  if (served?.vdsoNs === undefined || served.syscallNs === undefined) return undefined;
  const prices = `${nsPhrase(served.vdsoNs)} against ${nsPhrase(served.syscallNs)} by syscall`;
  return [contradicts('decisive', `the vDSO reads it: ${served.name} takes ${prices}`, ownTimings)];
}

function conditionalRule(clocksource: string, { condition, fix, switchable, ...facts }: Conditional): Rule {
  return targetRule({
    ...facts,
    layer: 'clocksource',
    role: 'cause',
    needs: ['clocksource', 'entries of precise clocks', "vdsotop's own mappings"],
    mayUse: [
      'precise clocks of the vDSO',
      'available clocksources',
      'price of a counter read',
      'call sites',
      ...(switchable ? (['kernel log', 'architecture'] as const) : []),
    ],
    weigh(seen) {
      if (seen.clocksource !== clocksource)
        return [contradicts('decisive', `the clocksource is ${seen.clocksource}`, sysfs)];
      return weighFallback(seen, [
        supports('weak', `where ${clocksource} is not readable, ${condition}`, facts.reference),
        ...byMeasurement(seen['precise clocks of the vDSO']),
      ]);
    },
    ...ofFallback,
    clause: () => `clocksource ${clocksource} is not readable in user space here`,
    fix({ 'available clocksources': available = [], 'entries of precise clocks': reads, ...seen }) {
      const unstable = unstableTscLine(seen['kernel log']) !== undefined;
      return switchable && betterSource(clocksource, available, unstable) === 'tsc'
        ? switchFix(clocksource, { ...seen, 'available clocksources': available })
        : fix(throughVdso(reads, seen['call sites']).reads);
    },
  });
}

export const clocksourceRules: readonly Rule[] = [
  clocksourceNotVdsoCapable,
  ...Object.entries(conditional).map(([clocksource, facts]) => conditionalRule(clocksource, facts)),
];
