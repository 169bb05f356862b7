/** How a kernel is booted, and what is true of the machine then. */
export interface Boot {
  readonly parameters: string;
  readonly cpus: number;
  /** Amplifiers and contexts of the machine that hold for every target, or may (with a '?'). */
  readonly confirmed: readonly string[];
  /** Its vDSO answers every clock that it has code for. */
  readonly healthy?: boolean;
}

// QEMU's emulated CPU promises no constant TSC: Linux would mark it unstable with two of them.
const emulated = ['tsc-not-invariant'];
const tsc = 'tsc=reliable';

export const boots = {
  tsc: { parameters: tsc, cpus: 2, confirmed: emulated, healthy: true },
  'one CPU': { parameters: tsc, cpus: 1, confirmed: emulated, healthy: true },
  hpet: { parameters: `${tsc} clocksource=hpet`, cpus: 2, confirmed: [...emulated, 'clocksource-overridden'] },
  acpi_pm: { parameters: `${tsc} clocksource=acpi_pm`, cpus: 2, confirmed: [...emulated, 'clocksource-overridden'] },
  notsc: { parameters: 'notsc', cpus: 2, confirmed: [...emulated, 'tsc-marked-unstable'] },
  'tsc=unstable': { parameters: 'tsc=unstable', cpus: 2, confirmed: [...emulated, 'tsc-marked-unstable'] },
  'vdso=0': { parameters: `${tsc} vdso=0`, cpus: 2, confirmed: emulated },
  'vdso=0, hpet': {
    parameters: `${tsc} vdso=0 clocksource=hpet`,
    cpus: 2,
    confirmed: [...emulated, 'clocksource-overridden'],
  },
  'vdso32=0': { parameters: `${tsc} vdso32=0`, cpus: 2, confirmed: emulated },
  'vsyscall=emulate': { parameters: `${tsc} vsyscall=emulate`, cpus: 2, confirmed: emulated },
  'vsyscall=xonly': { parameters: `${tsc} vsyscall=xonly`, cpus: 2, confirmed: emulated },
  'vsyscall=none': { parameters: `${tsc} vsyscall=none`, cpus: 2, confirmed: emulated },
  arm64: { parameters: '', cpus: 2, confirmed: [], healthy: true },
} as const satisfies Readonly<Record<string, Boot>>;

export type BootName = keyof typeof boots;
