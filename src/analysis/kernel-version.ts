import type { ClockEntry, Machine } from './clock-table.ts';

/** 'x86_64' of what uname says or a user types; undefined for a machine of which the vDSO's history was not read. */
export function machineOf(architecture: string): Machine | undefined {
  return machineNames[architecture.toLowerCase()];
}

const machineNames: Readonly<Record<string, Machine>> = {
  x86_64: 'x86_64',
  'x86-64': 'x86_64',
  amd64: 'x86_64',
  i386: 'i386',
  i486: 'i386',
  i586: 'i386',
  i686: 'i386',
  aarch64: 'aarch64',
  arm64: 'aarch64',
  riscv64: 'riscv64',
};

/** Major × 1000 + minor of '6.18.44-fc' or '5.3'; undefined when it does not begin so. */
function versionNumber(release: string): number | undefined {
  const match = /^(\d+)\.(\d+)/.exec(release);
  return match === null ? undefined : Number(match[1]) * 1_000 + Number(match[2]);
}

export function isAtLeast(release: string, version: string): boolean {
  const have = versionNumber(release);
  const want = versionNumber(version);
  return have !== undefined && want !== undefined && have >= want;
}

export function isAtMost(release: string, version: string): boolean {
  const have = versionNumber(release);
  const limit = versionNumber(version);
  return have !== undefined && limit !== undefined && have <= limit;
}

/** Nothing is told of kernels before the first and after the second of these: no source of theirs was read. */
export const sourcesRead = { oldest: '4.4', newest: '7.3' } as const;

/** Whether a kernel lies among those whose sources were read. */
export function isOfSourcesRead(release: string): boolean {
  return isAtLeast(release, sourcesRead.oldest) && isAtMost(release, sourcesRead.newest);
}

/**
 * Whether the sources say that mainline's vDSO of this version serves the clock; undefined where they were not read.
 */
export function mainlineServes(clock: ClockEntry, architecture: string, release: string): boolean | undefined {
  const machine = machineOf(architecture);
  if (machine === undefined || versionNumber(release) === undefined) return undefined;
  const arrival = clock.arrivals[machine];
  if (arrival !== undefined && isAtMost(release, arrival.absentIn)) return false;
  if (!isOfSourcesRead(release)) return undefined;
  if (arrival === undefined) return clock.kind === 'precise' || clock.kind === 'coarse' ? true : undefined;
  return isAtLeast(release, arrival.presentIn) ? true : undefined;
}
