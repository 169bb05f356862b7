import type { Row } from '../scenario.ts';
import { cpuClock, directSyscall, fast, slow, slowClocksource } from './expectations.ts';

const byHpet = { boot: 'hpet', kernels: ['6.1', '7'] } as const;
const slow32 = { ...slowClocksource, confirmed: ['clocksource-not-vdso-capable', 'compat-32bit'] };

/** Machines whose clocksource the vDSO cannot read; beside them the programs that would be slow on any. */
export const clocksourceRows: readonly Row[] = [
  { boot: 'hpet', kernels: ['5.10', '6.1', '7'], target: 'glibc', expected: slowClocksource, quick: ['6.1'] },
  { boot: 'hpet', kernels: ['6.1'], target: 'glibc static', expected: slowClocksource, quick: ['6.1'] },
  { boot: 'hpet', kernels: ['7'], target: 'musl static', expected: slowClocksource },
  { boot: 'hpet', kernels: ['7'], target: 'Go', expected: slowClocksource },
  { boot: 'hpet', kernels: ['6.1'], target: 'i386', expected: slow32 },
  {
    ...{ ...byHpet, target: 'static syscall()', quick: ['6.1'] },
    expected: {
      ...directSyscall,
      never: ['clocksource-not-vdso-capable', 'static-libc-without-vdso'],
      wouldNotHelp: /clocksource|libc|link/,
    },
  },
  { boot: 'hpet', kernels: ['6.1'], target: 'CPU clock', expected: cpuClock },
  { boot: 'hpet', kernels: ['6.1'], target: 'coarse', expected: fast },
  {
    ...{ boot: 'hpet', kernels: ['6.1'], target: 'klibc' },
    expected: slow('static-libc-without-vdso', {
      never: ['clocksource-not-vdso-capable'],
      wouldNotHelp: /clocksource/,
    }),
  },
  {
    boot: 'hpet',
    kernels: ['6.1'],
    target: 'both',
    expected: slow('clocksource-not-vdso-capable', { also: ['direct-syscall'] }),
  },
  { boot: 'acpi_pm', kernels: ['6.12'], target: 'glibc', expected: slowClocksource },
  { boot: 'acpi_pm', kernels: ['6.12'], target: 'syscall()', expected: directSyscall },
  {
    ...{ boot: 'notsc', kernels: ['6.1'], target: 'glibc' },
    expected: { ...slowClocksource, wouldNotHelp: /^echo tsc/ },
  },
  { boot: 'notsc', kernels: ['6.1'], target: 'coarse', expected: fast },
  {
    ...{ boot: 'tsc=unstable', kernels: ['6.12'], target: 'glibc' },
    expected: { ...slowClocksource, wouldNotHelp: /^echo tsc/ },
  },
  {
    ...{ boot: 'tsc', kernels: ['7'], target: 'glibc', way: 'switched meanwhile', quick: ['7'] },
    expected: slow('clocksource-not-vdso-capable', {
      event: /^clocksource-switched.*hpet/m,
    }),
  },
];
