import type { Runtime } from '../../model/program.ts';

interface ClockPathFact {
  readonly runtime: Runtime['name'];
  /** e_machine of the program; absent: any. */
  readonly machine?: number;
  /** Versions it holds for, from the first on and below the second; absent: any. */
  readonly since?: string;
  readonly below?: string;
  readonly sentence: string;
}

const [x86_64, arm64, riscv64] = [62, 183, 243];

/** FACTS.md §10 and §16, the rows read in source or tried; the first that fits is said. */
const clockPaths: readonly ClockPathFact[] = [
  {
    runtime: 'go',
    machine: x86_64,
    since: '1.6',
    sentence: 'Go looks the vDSO up itself and does not read the clock through libc, with cgo neither.',
  },
  {
    runtime: 'go',
    machine: arm64,
    since: '1.22',
    sentence: 'Go looks the vDSO up itself and does not read the clock through libc.',
  },
  {
    runtime: 'go',
    machine: arm64,
    since: '1.13',
    below: '1.22',
    sentence:
      'Go before 1.22 looks the arm64 vDSO up by a wrong hash: where the vDSO has a GNU hash table only (kernels 6.11 and later, by their linker), every clock read is a system call.',
  },
  {
    runtime: 'go',
    machine: riscv64,
    since: '1.18',
    sentence: 'Go looks the vDSO up itself and does not read the clock through libc.',
  },
  {
    runtime: 'jvm',
    sentence: 'HotSpot reads the clock through libc: System.nanoTime is its clock_gettime(MONOTONIC).',
  },
  {
    runtime: 'node',
    sentence:
      'libuv reads MONOTONIC through libc, for the loop time MONOTONIC_COARSE where that clock has a resolution of 1 ms or better.',
  },
  {
    runtime: 'python',
    sentence:
      'CPython reads the clock through libc: perf_counter and monotonic are MONOTONIC; process_time and thread_time are CPU clocks, which always enter the kernel.',
  },
  { runtime: 'rust', sentence: "Rust's standard library reads the clock through libc." },
];

/** What is known of how this runtime reads the clock; undefined where nothing is. */
export function runtimeClockPath(
  name: Runtime['name'],
  version: string | undefined,
  machine: number | undefined,
): string | undefined {
  return clockPaths.find((fact) => fact.runtime === name && fits(fact, version, machine))?.sentence;
}

function fits({ machine, since, below }: ClockPathFact, version: string | undefined, of: number | undefined): boolean {
  if (machine !== undefined && machine !== of) return false;
  if (since === undefined && below === undefined) return true;
  if (version === undefined) return false;
  return compare(version, since ?? '0') >= 0 && (below === undefined || compare(version, below) < 0);
}

/** By the first two numbers: '1.22rc1' counts as 1.22. */
function compare(left: string, right: string): number {
  const [[leftMajor = 0, leftMinor = 0], [rightMajor = 0, rightMinor = 0]] = [numbers(left), numbers(right)];
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

function numbers(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
