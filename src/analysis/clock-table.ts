import type { ClockSlot } from '../model/clock-calls.ts';

/** What kind of clock it is; the kind decides whether any vDSO can serve it (lib/vdso/gettimeofday.c). */
export type ClockKind =
  | 'precise'
  | 'coarse'
  | 'cpu'
  | 'alarm'
  | 'aux'
  | 'descriptor'
  | 'reserved'
  | 'unknown'
  | 'mixed';

export type Machine = 'x86_64' | 'i386' | 'aarch64' | 'riscv64';

/** Kernel versions whose source was read: the vDSO of the first lacks it, that of the second has it. */
export interface Arrival {
  readonly absentIn: string;
  readonly presentIn: string;
  /** Where that was read. */
  readonly source: string;
}

export interface ClockEntry {
  readonly slot: ClockSlot;
  /** Without CLOCK_. */
  readonly name: string;
  readonly kind: ClockKind;
  /** When a vDSO began to serve it, where that was after 4.4. */
  readonly arrivals: { readonly [M in Machine]?: Arrival };
  /** The clock that tells the same time and that a vDSO serves. */
  readonly twin?: ClockSlot;
}

/** Before, its symbols were there and made the system call. */
export const riscv: Arrival = {
  absentIn: '5.4',
  presentIn: '5.8',
  source: 'arch/riscv/kernel/vdso (5.4: clock_gettime.S is an ecall)',
};
/** The vDSO code that architectures share. */
export const generic: Arrival = {
  absentIn: '5.0',
  presentIn: '5.3',
  source: 'lib/vdso/gettimeofday.c; include/vdso/datapage.h, VDSO_HRES and VDSO_RAW',
};
const taiOnX86: Arrival = {
  absentIn: '4.18',
  presentIn: '5.0',
  source: 'arch/x86/include/asm/vgtod.h, VGTOD_HRES',
};

/** The named clocks (include/uapi/linux/time.h) and the slots for ids that are not names (ClockSlot). */
const named: readonly ClockEntry[] = [
  { slot: 0, name: 'REALTIME', kind: 'precise', arrivals: { riscv64: riscv } },
  { slot: 1, name: 'MONOTONIC', kind: 'precise', arrivals: { riscv64: riscv } },
  { slot: 2, name: 'PROCESS_CPUTIME_ID', kind: 'cpu', arrivals: {} },
  { slot: 3, name: 'THREAD_CPUTIME_ID', kind: 'cpu', arrivals: {} },
  {
    slot: 4,
    name: 'MONOTONIC_RAW',
    kind: 'precise',
    arrivals: {
      x86_64: generic,
      i386: generic,
      aarch64: { absentIn: '4.4', presentIn: '4.15', source: 'arch/arm64/kernel/vdso/gettimeofday.S' },
      riscv64: riscv,
    },
  },
  { slot: 5, name: 'REALTIME_COARSE', kind: 'coarse', arrivals: { riscv64: riscv } },
  { slot: 6, name: 'MONOTONIC_COARSE', kind: 'coarse', arrivals: { riscv64: riscv } },
  {
    slot: 7,
    name: 'BOOTTIME',
    kind: 'precise',
    arrivals: { x86_64: generic, i386: generic, aarch64: generic, riscv64: riscv },
  },
  { slot: 8, name: 'REALTIME_ALARM', kind: 'alarm', arrivals: {}, twin: 0 },
  { slot: 9, name: 'BOOTTIME_ALARM', kind: 'alarm', arrivals: {}, twin: 7 },
  { slot: 10, name: 'SGI_CYCLE', kind: 'reserved', arrivals: {} },
  {
    slot: 11,
    name: 'TAI',
    kind: 'precise',
    arrivals: { x86_64: taiOnX86, i386: taiOnX86, aarch64: generic, riscv64: riscv },
  },
  { slot: 32, name: 'CPU clock of a process', kind: 'cpu', arrivals: {} },
  { slot: 33, name: 'CPU clock of a thread', kind: 'cpu', arrivals: {} },
  { slot: 34, name: 'clock of a descriptor', kind: 'descriptor', arrivals: {} },
  { slot: 35, name: 'id no clock has', kind: 'unknown', arrivals: {} },
  { slot: 36, name: 'clocks not told apart', kind: 'mixed', arrivals: {} },
];

const aux: readonly ClockEntry[] = Array.from({ length: 8 }, (_, index) => ({
  slot: 16 + index,
  name: `AUX${index}`,
  kind: 'aux',
  arrivals: { x86_64: { absentIn: '6.14', presentIn: '6.17', source: 'lib/vdso/gettimeofday.c, do_aux' } },
}));

/** Every slot that has a name, upwards. */
export const CLOCKS: readonly ClockEntry[] = [...named, ...aux].sort((a, b) => a.slot - b.slot);

const bySlot: ReadonlyMap<ClockSlot, ClockEntry> = new Map(CLOCKS.map((entry) => [entry.slot, entry]));

/** Ids 12–15 and 24–31 have no clock behind them: the kernel answers EINVAL. */
export function clockEntry(slot: ClockSlot): ClockEntry {
  return bySlot.get(slot) ?? { slot, name: `clock id ${slot}`, kind: 'unknown', arrivals: {} };
}

/** 'MONOTONIC', 'CPU clock of a process', 'clock id 13' */
export function slotName(slot: ClockSlot): string {
  return clockEntry(slot).name;
}

/** No kernel's vDSO serves these on any architecture: each read is a syscall on a perfectly healthy host. */
export function neverInVdso({ kind }: ClockEntry): boolean {
  return kind !== 'precise' && kind !== 'coarse' && kind !== 'aux' && kind !== 'mixed';
}

/** There is no clock behind the id: the kernel answers every read with EINVAL. */
export function isNoClock({ kind }: ClockEntry): boolean {
  return kind === 'unknown' || kind === 'reserved';
}

/** A healthy vDSO serves these always; an AUX clock only where it is configured and enabled. */
export function healthyVdsoServes({ kind }: ClockEntry): boolean {
  return kind === 'precise' || kind === 'coarse';
}

/** The clocks a table shows even when nothing was seen of them. */
export const alwaysListed: readonly ClockSlot[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11];
