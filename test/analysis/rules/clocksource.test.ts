import { describe, expect, it } from 'vitest';
import { kernelSite, places, sampledSites, vdsoSite } from '../call-sites-builder.ts';
import { available, type Scenario, unavailable, unservedPrices } from '../snapshot-builder.ts';
import { describeRule, findingOf } from './describe-rule.ts';

const reads = [['clock_gettime', 1, 20_000]] as const;
const calls = [['clock_gettime', 1, 8]] as const;

function hostOf(clocksource: string, availableClocksources: readonly string[] = [clocksource]): Scenario {
  return {
    entries: reads,
    hits: calls,
    host: { currentClocksource: available(clocksource), availableClocksources: available(availableClocksources) },
    prices: unservedPrices(1_500),
  };
}

/** Nothing timed, so that only the name of the clocksource speaks. */
function riscvOf(release: string): Scenario {
  const { host, ...rest } = hostOf('riscv_clocksource');
  const architecture = available('riscv64');
  return {
    ...rest,
    entries: [['gettimeofday', 0, 20_000]],
    hits: [],
    prices: {},
    host: { ...host, architecture, kernelRelease: available(release) },
  };
}

const hpet = hostOf('hpet', ['hpet', 'acpi_pm']);
const marked = available([{ bootSeconds: 9, text: 'tsc: Marking TSC unstable due to clocksource watchdog' }]);

const sampledCalls = available({
  sites: [vdsoSite([places.libcClock, places.poll], { fn: 'clock_gettime', slot: 1, samples: 50 })],
  samples: { kernel: 0, vdso: 50 },
  lost: 0,
  vdsoBy: 'time' as const,
});

describeRule('clocksource-not-vdso-capable', [
  {
    name: 'hpet, tsc gone',
    scenario: { ...hpet, host: { ...hpet.host, kernelLog: marked }, both: { clockPage: unavailable('unsupported') } },
    verdict: 'confirmed',
    seen: [
      'the clocksource is hpet, which no vDSO reads',
      'the vDSO takes 1.67 µs for REALTIME and the syscall 1.67 µs: it makes that syscall',
      'calls of the vDSO for these reads were caught: they are made to it',
    ],
    also: ({ fix, because, missing, savesCoreShare }) => {
      expect(fix?.command).toBe('sudo dmesg | grep -i -e tsc -e clocksource');
      expect(fix?.effect).toContain('(available: hpet acpi_pm)');
      expect(fix?.wouldNotHelp).toContain('tsc is not among the available clocksources');
      expect(because).toEqual(['tsc-marked-unstable']);
      expect(missing).toEqual([]);
      expect(savesCoreShare?.value).toBeCloseTo(20_000 * (1_665 - 18) * 1e-9, 5);
      expect(savesCoreShare?.low).toBeGreaterThan(0);
    },
  },
  {
    name: 'hpet, where calls of the vDSO are seen by CPU samples alone',
    scenario: { ...hpet, hits: 'blind', last: { callSites: sampledCalls } },
    verdict: 'confirmed',
    also: ({ evidence }) =>
      expect(evidence.find(({ seen }) => seen.startsWith('calls of the vDSO'))?.where).toBe('CPU samples in the vDSO'),
  },
  {
    name: 'hpet by choice, tsc at hand',
    scenario: hostOf('hpet', ['tsc', 'hpet', 'acpi_pm']),
    verdict: 'confirmed',
    also: ({ fix, because }) => {
      expect(fix?.command).toBe('echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource');
      expect(because).toEqual(['clocksource-overridden']);
    },
  },
  {
    name: 'hpet, where most entries are made past the vDSO',
    scenario: { ...hpet, hits: [], threads: 4 },
    verdict: 'likely',
    also: ({ savesCoreShare }) => expect(savesCoreShare?.low).toBe(0),
  },
  {
    name: 'hpet, nothing timed',
    scenario: { ...hpet, prices: {} },
    verdict: 'likely',
    missing: ['precise clocks of the vDSO'],
  },
  { name: 'hpet, an idle target', scenario: { ...hpet, entries: [], hits: [] }, verdict: 'ruled-out' },
  {
    name: 'hpet, only coarse clocks and time() read',
    scenario: {
      ...hpet,
      entries: [
        ['clock_gettime', 5, 20_000],
        ['time', 0, 20_000],
      ],
    },
    verdict: 'ruled-out',
  },
  {
    name: 'hpet, only CPU time read',
    scenario: { ...hpet, entries: [['clock_gettime', 3, 20_000]] },
    verdict: 'ruled-out',
  },
  {
    name: 'hpet on an old kernel, only a clock read that its vDSO lacks anyway',
    scenario: {
      ...hpet,
      host: { ...hpet.host, kernelRelease: available('4.18.0') },
      entries: [['clock_gettime', 7, 20_000]],
    },
    verdict: 'ruled-out',
  },
  { name: 'tsc', scenario: { entries: reads }, verdict: 'ruled-out' },
  {
    name: 'riscv_clocksource, which no vDSO read before 5.8: its name speaks neither way',
    scenario: riscvOf('5.4.0'),
    verdict: 'possible',
    also: ({ evidence }) => expect(evidence.filter(({ seen }) => seen.includes('riscv_clocksource'))).toEqual([]),
  },
  {
    name: 'riscv_clocksource since 5.8',
    scenario: riscvOf('5.10.0'),
    verdict: 'possible',
    seen: ['the clocksource is riscv_clocksource, which a vDSO reads'],
  },
  { name: 'kvm-clock, which has its own rule', scenario: hostOf('kvm-clock'), verdict: 'ruled-out' },
  {
    name: 'a clocksource that could not be read',
    scenario: { ...hpet, host: { currentClocksource: unavailable('absent') } },
    verdict: 'unknown',
    missing: ['clocksource'],
  },
]);

const conditional = [
  ['kvm-clock-without-vdso', 'kvm-clock'],
  ['xen-without-vdso', 'xen'],
  ['hyperv-page-invalid', 'hyperv_clocksource_tsc_page'],
  ['counter-erratum', 'arch_sys_counter'],
] as const;

for (const [id, clocksource] of conditional) {
  describeRule(id, [
    { name: 'the vDSO falls back', scenario: hostOf(clocksource), verdict: 'confirmed' },
    {
      name: 'the vDSO reads it',
      scenario: { entries: reads, host: { currentClocksource: available(clocksource) } },
      verdict: 'ruled-out',
      seen: ['the vDSO reads it: REALTIME takes 21.3 ns against 165 ns by syscall'],
    },
    { name: 'another clocksource', scenario: { entries: reads }, verdict: 'ruled-out' },
    {
      name: 'nothing timed, though its calls were caught',
      scenario: { ...hostOf(clocksource), prices: {} },
      verdict: 'possible',
      missing: ['precise clocks of the vDSO'],
    },
    {
      name: 'mappings of vdsotop unread',
      scenario: {
        ...hostOf(clocksource),
        host: { currentClocksource: available(clocksource), ownMappings: unavailable('failed') },
      },
      verdict: 'unknown',
    },
  ]);
}

describe('hpet, of a program that a translator runs by copies of its code', () => {
  const hpetOf = (place: Parameters<typeof kernelSite>[0][number]): Scenario => ({
    ...hpet,
    last: { callSites: sampledSites([kernelSite([place], { slot: 1 })]) },
  });

  it('is the likely cause, beside the program', () => {
    const cause = findingOf('clocksource-not-vdso-capable', hpetOf(places.jit));
    expect(cause).toMatchObject({ verdict: 'likely', covers: ['MONOTONIC'] });
    expect(findingOf('direct-syscall', hpetOf(places.jit)).verdict).toBe('likely');
  });

  it('is none where a map of the JIT names the code', () => {
    expect(findingOf('clocksource-not-vdso-capable', hpetOf(places.mappedJit)).verdict).toBe('ruled-out');
    expect(findingOf('direct-syscall', hpetOf(places.mappedJit)).verdict).toBe('confirmed');
  });
});

describe('hpet, of a kernel without one-shot timers', () => {
  it('is not left for the tsc that the kernel marked unstable and lists all the same', () => {
    const host = hostOf('hpet', ['tsc', 'hpet', 'acpi_pm']);
    const { fix, because } = findingOf('clocksource-not-vdso-capable', {
      ...host,
      host: { ...host.host, kernelLog: marked },
    });
    expect(fix?.command).toBe('sudo dmesg | grep -i -e tsc -e clocksource');
    expect(fix?.wouldNotHelp).toMatch(/^echo tsc > current_clocksource: the kernel marked the TSC unstable/);
    expect(because).toEqual(['tsc-marked-unstable']);
  });
});

describe('a clocksource that no vDSO reads, where there is no TSC', () => {
  const off = (architecture: string, clocksource: string, list: readonly string[]) => {
    const scenario = hostOf(clocksource, list);
    return { ...scenario, host: { ...scenario.host, architecture: available(architecture) } };
  };

  it.each(['aarch64', 'riscv64'])('is not said to be mended or not by a TSC: %s', (architecture) => {
    const { fix } = findingOf('clocksource-not-vdso-capable', off(architecture, 'jiffies', ['jiffies']));
    expect(fix?.command).toBe('sudo dmesg | grep -i -e timer -e clocksource');
    expect(fix?.effect).toContain('nothing better than jiffies (available: jiffies)');
    expect(JSON.stringify(fix)).not.toMatch(/\btsc\b/i);
  });

  it.each([
    ['aarch64', 'arch_sys_counter'],
    ['riscv64', 'riscv_clocksource'],
  ])('is left for the counter of %s where the kernel lists it', (architecture, counter) => {
    const scenario = off(architecture, 'jiffies', [counter, 'jiffies']);
    const { fix } = findingOf('clocksource-not-vdso-capable', scenario);
    expect(fix?.command).toMatch(new RegExp(`^echo ${counter} \\| sudo tee `));
    expect(findingOf('clocksource-overridden', scenario).verdict).toBe('likely');
  });
});

describe('a conditional clocksource that is not read', () => {
  it('is left for tsc where the kernel lists tsc', () => {
    const { fix } = findingOf('xen-without-vdso', hostOf('xen', ['xen', 'tsc']));
    expect(fix?.command).toBe('echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource');
  });

  it('is not left for tsc where it is xen and the kernel marked the TSC unstable', () => {
    const kernelLog = available([{ bootSeconds: 3, text: 'tsc: Marking TSC unstable due to TSCs unsynchronized' }]);
    const host = hostOf('xen', ['xen', 'tsc']);
    const { fix } = findingOf('xen-without-vdso', { ...host, host: { ...host.host, kernelLog } });
    expect(fix?.command).toBe('let Xen give the domain a stable TSC, or move it to a host that does');
  });

  it.each([
    ['kvm-clock-without-vdso', 'kvm-clock', /^let the host offer a stable TSC to the guest/],
    ['hyperv-page-invalid', 'hyperv_clocksource_tsc_page', /^run a kernel that has the vDSO mode of Hyper-V/],
  ])('is not left for a TSC that the hypervisor does not call stable: %s', (id, clocksource, command) => {
    const { fix } = findingOf(id, hostOf(clocksource, [clocksource, 'tsc']));
    expect(fix?.command).toMatch(command);
    expect(fix?.wouldNotHelp).toMatch(/^echo tsc .*: by another one, time can jump$/);
  });

  it('has its coarse clocks named where it is the counter of arm64 with an erratum', () => {
    const { fix } = findingOf('counter-erratum', hostOf('arch_sys_counter'));
    expect(fix?.command).toBe('use CLOCK_MONOTONIC_COARSE where the resolution of a timer tick will do');
    const boottime = { ...hostOf('arch_sys_counter'), entries: [['clock_gettime', 7, 20_000]] } as const;
    const { fix: other } = findingOf('counter-erratum', boottime);
    expect(other?.command).toBe('keep the time for a batch of work, or read it less often');
    expect(other?.wouldNotHelp).toMatch(/these clocks have no coarse one$/);
  });

  it('is not to be left for anything where the kernel lists nothing better', () => {
    const { fix } = findingOf('kvm-clock-without-vdso', hostOf('kvm-clock'));
    expect(fix?.command).toBe('let the host offer a stable TSC to the guest, and boot without no-kvmclock-vsyscall');
  });
});
