import { expect } from 'vitest';
import { available, unavailable } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

const logged = (text: string) => available([{ bootSeconds: 12.5, text }]);
const withoutTsc = available(['hpet', 'acpi_pm']);
const line54 =
  "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc' as unstable because the skew is too large:";

describeRule('tsc-marked-unstable', [
  {
    name: 'the watchdog of 5.4 to 7.0 said so',
    scenario: { host: { kernelLog: logged(line54), availableClocksources: withoutTsc } },
    verdict: 'confirmed',
    seen: [`the kernel said: ${line54}`, 'tsc is not among the available clocksources (hpet acpi_pm)'],
  },
  {
    name: 'the watchdog of 7.2 said so',
    scenario: {
      host: {
        kernelLog: logged('clocksource: Marking clocksource tsc unstable due to frequency skew'),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'confirmed',
  },
  {
    name: 'the watchdog of 5.4 to 5.15 said so of a slow read',
    scenario: {
      host: {
        kernelLog: logged(
          'clocksource: timekeeping watchdog on CPU1: tsc read-back delay of 9000ns, attempt 4, marking unstable',
        ),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'confirmed',
  },
  {
    name: 'a line that only names a device which is called so, and tsc is gone',
    scenario: {
      host: {
        kernelLog: logged('usb 1-1: Product: tsc: Marking TSC unstable due to mischief'),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'possible',
  },
  {
    name: 'another reason',
    scenario: {
      host: {
        kernelLog: logged('tsc: Marking TSC unstable due to TSCs unsynchronized'),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'confirmed',
  },
  {
    name: 'no log, and tsc is gone',
    scenario: { host: { kernelLog: unavailable('denied'), availableClocksources: withoutTsc } },
    verdict: 'likely',
    missing: ['kernel log'],
  },
  {
    name: 'a silent log, and tsc is gone',
    scenario: { host: { availableClocksources: withoutTsc } },
    verdict: 'possible',
  },
  {
    name: 'a partial log without such a line, and tsc is gone',
    scenario: {
      host: {
        kernelLog: available(
          [{ bootSeconds: 900, text: 'clocksource: Switched to clocksource hpet' }],
          'kernel log, in part: the ring buffer begins 800 s after boot',
        ),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'likely',
    missing: ['kernel log'],
    also: ({ evidence }) => expect(evidence.map(({ direction }) => direction)).not.toContain('contradicts'),
  },
  {
    name: 'a log that was cut, without such a line',
    scenario: {
      host: {
        kernelLog: { ...logged('clocksource: Switched to clocksource hpet'), cut: { first: 50, last: 150, of: 601 } },
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'likely',
    missing: ['kernel log'],
  },
  {
    name: 'a log that an older vdsotop cut, without such a line',
    scenario: {
      host: {
        kernelLog: available(
          [{ bootSeconds: 900, text: 'clocksource: Switched to clocksource hpet' }],
          '/dev/kmsg, whole since boot, the first 50 and last 150 of 601 lines',
        ),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'likely',
    missing: ['kernel log'],
  },
  {
    name: 'a partial log with such a line',
    scenario: {
      host: {
        kernelLog: available([{ bootSeconds: 900, text: line54 }], 'kernel log, in part: the journal is short'),
        availableClocksources: withoutTsc,
      },
    },
    verdict: 'confirmed',
  },
  {
    name: 'a line about another clocksource',
    scenario: { host: { kernelLog: logged("Marking clocksource 'hpet' as unstable because the skew is too large:") } },
    verdict: 'ruled-out',
  },
  { name: 'tsc available, log unread', scenario: { host: { kernelLog: unavailable('denied') } }, verdict: 'ruled-out' },
  { name: 'arm64', scenario: { host: { architecture: available('aarch64') } }, verdict: 'ruled-out' },
  {
    name: 'clocksources unread',
    scenario: { host: { availableClocksources: unavailable('absent') } },
    verdict: 'unknown',
    missing: ['available clocksources'],
  },
]);

describeRule('clocksource-overridden', [
  {
    name: 'hpet by the command line',
    scenario: {
      host: { currentClocksource: available('hpet'), kernelCommandLine: available('quiet clocksource=hpet') },
    },
    verdict: 'confirmed',
    seen: ['the kernel was booted with clocksource=hpet'],
  },
  {
    name: 'hpet by the command line, with nothing better',
    scenario: {
      host: {
        currentClocksource: available('hpet'),
        availableClocksources: withoutTsc,
        kernelCommandLine: available('clocksource=hpet'),
      },
    },
    verdict: 'ruled-out',
  },
  {
    name: 'hpet, and the command line ends by asking for tsc',
    scenario: {
      host: {
        currentClocksource: available('hpet'),
        kernelCommandLine: available('clocksource=hpet quiet clocksource=tsc'),
      },
    },
    verdict: 'likely',
  },
  {
    name: 'hpet, asked for where only init reads',
    scenario: {
      host: { currentClocksource: available('hpet'), kernelCommandLine: available('quiet -- clocksource=hpet') },
    },
    verdict: 'likely',
  },
  {
    name: 'hpet with tsc at hand',
    scenario: { host: { currentClocksource: available('hpet'), availableClocksources: available(['tsc', 'hpet']) } },
    verdict: 'likely',
    seen: ['tsc is available, and rated higher than hpet unless it was marked unstable'],
  },
  {
    name: 'acpi_pm by the command line of a Hyper-V guest, which never lists tsc',
    scenario: {
      host: {
        currentClocksource: available('acpi_pm'),
        availableClocksources: available(['hyperv_clocksource_tsc_page', 'acpi_pm']),
        kernelCommandLine: available('clocksource=acpi_pm'),
      },
    },
    verdict: 'confirmed',
  },
  {
    name: 'hpet with tsc at hand, which the kernel marked unstable: it stays in the list without one-shot timers',
    scenario: {
      host: {
        currentClocksource: available('hpet'),
        availableClocksources: available(['tsc', 'hpet', 'acpi_pm']),
        kernelLog: logged(line54),
      },
    },
    verdict: 'ruled-out',
    seen: [`tsc was not passed over: the kernel said: ${line54}`],
  },
  {
    name: 'hpet with kvm-clock at hand, beside a tsc that the kernel marked unstable',
    scenario: {
      host: {
        currentClocksource: available('hpet'),
        availableClocksources: available(['tsc', 'kvm-clock', 'hpet']),
        kernelLog: logged(line54),
      },
    },
    verdict: 'likely',
    seen: ['kvm-clock is available, and rated higher than hpet unless it was marked unstable'],
  },
  {
    name: 'hpet with kvm-clock at hand',
    scenario: {
      host: {
        currentClocksource: available('hpet'),
        availableClocksources: available(['kvm-clock', 'hpet', 'acpi_pm']),
      },
    },
    verdict: 'likely',
    seen: ['kvm-clock is available, and rated higher than hpet unless it was marked unstable'],
  },
  {
    name: 'hpet with nothing better',
    scenario: { host: { currentClocksource: available('hpet'), availableClocksources: withoutTsc } },
    verdict: 'ruled-out',
  },
  {
    name: 'kvm-clock, which the kernel may prefer to tsc or not',
    scenario: { host: { currentClocksource: available('kvm-clock') } },
    verdict: 'unknown',
    missing: ['ratings of the clocksources'],
  },
  {
    name: 'kvm-clock by the command line, with tsc at hand',
    scenario: {
      host: { currentClocksource: available('kvm-clock'), kernelCommandLine: available('clocksource=kvm-clock') },
    },
    verdict: 'possible',
    seen: ['the kernel was booted with clocksource=kvm-clock, and tsc is available'],
  },
  {
    name: 'kvm-clock with nothing better',
    scenario: {
      host: { currentClocksource: available('kvm-clock'), availableClocksources: available(['kvm-clock', 'acpi_pm']) },
    },
    verdict: 'ruled-out',
  },
  { name: 'tsc, which none is better than', scenario: {}, verdict: 'ruled-out' },
  {
    name: 'jiffies of an arm64 machine that has its counter',
    scenario: {
      host: {
        architecture: available('aarch64'),
        currentClocksource: available('jiffies'),
        availableClocksources: available(['arch_sys_counter', 'jiffies']),
      },
    },
    verdict: 'likely',
    seen: ['arch_sys_counter is available, and rated higher than jiffies unless it was marked unstable'],
  },
  { name: 'clocksource unread', scenario: { host: { currentClocksource: unavailable('absent') } }, verdict: 'unknown' },
]);
