import type { Evidence } from '../../model/findings.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { PriceNs } from '../../model/prices.ts';
import type { PathPrices } from '../legacy-prices.ts';
import { nsPhrase } from '../phrase.ts';
import { supports } from '../rule.ts';
import { askedVsyscall, type VsyscallMode, vsyscallMode } from '../vsyscall-mode.ts';
import { ownTimings } from './entered.ts';

/**
 * What stands beside counted legacy vsyscalls: how the kernel treats the page, and what each way to call costs. Both
 * say that it is slow, neither that it is called.
 */
export function pageEvidence({ page, release, commandLine, prices }: PageReadings): readonly Evidence[] {
  const mode = page && vsyscallMode(page.permissions, release, commandLine);
  const seen = mode && `the page is mapped ${page.permissions}: ${says[mode]}${askedFor(commandLine)}`;
  return [
    ...(seen === undefined ? [] : [supports('weak', seen, '/proc/PID/maps')]),
    ...(prices ?? []).map((one) => supports('weak', priceSentence(one), ownTimings)),
  ];
}

export interface PageReadings {
  readonly page: Mapping | undefined;
  readonly release: string | undefined;
  readonly commandLine: string | undefined;
  readonly prices: readonly PathPrices[] | undefined;
}

/** Calls of a page in mode native are system calls like others: none is counted as a legacy one. */
export function mayBeNative({ page, release, commandLine }: PageReadings): boolean {
  const mode = vsyscallMode(page?.permissions ?? 'r-xp', release, commandLine);
  return mode === 'native' || mode === 'emulate or native';
}

const says: Readonly<Record<VsyscallMode, string>> = {
  emulate: 'mode emulate, every call traps and the page can be read',
  native: 'mode native, every call makes a system call of its own',
  'emulate or native': 'mode emulate or native, which look alike before Linux 4.18',
  xonly: 'mode xonly, every call traps and the page cannot be read',
};

function askedFor(commandLine: string | undefined): string {
  if (commandLine === undefined) return '';
  const asked = askedVsyscall(commandLine);
  return asked === undefined ? ', as this kernel is built' : ` (the kernel was booted with vsyscall=${asked})`;
}

const ways = [
  { path: 'vsyscall', by: 'this page' },
  { path: 'syscall', by: 'syscall' },
  { path: 'vdso', by: 'the vDSO' },
] as const;

/** 'time() takes 316 ns by this page, 169 ns by syscall, 1.7 ns by the vDSO' */
function priceSentence(prices: PathPrices): string {
  const timed = ways.flatMap(({ path, by }) => (prices[path] ? [phrase(prices[path], by)] : []));
  return `${prices.fn}() takes ${timed.join(', ')}`;
}

function phrase({ p50 }: PriceNs, by: string): string {
  return `${nsPhrase(p50)} by ${by}`;
}
