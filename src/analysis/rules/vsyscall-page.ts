import type { Evidence } from '../../model/findings.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { PriceNs } from '../../model/prices.ts';
import type { PathPrices } from '../legacy-prices.ts';
import { nsPhrase } from '../phrase.ts';
import { supports } from '../rule.ts';
import { ownTimings } from './entered.ts';

/**
 * What stands beside counted legacy vsyscalls: how the kernel treats the page, and what each way to call costs. Both
 * say that it is slow, neither that it is called.
 */
export function pageEvidence(
  mappings: readonly Mapping[] | undefined,
  commandLine: string | undefined,
  prices: readonly PathPrices[] | undefined,
): readonly Evidence[] {
  const page = mappings?.find(({ name }) => name === '[vsyscall]');
  const mode = page && modes.find(({ permissions }) => page.permissions.startsWith(permissions));
  const seen = mode && `the page is mapped ${page.permissions}: ${mode.says}${askedFor(commandLine)}`;
  return [
    ...(seen === undefined ? [] : [supports('weak', seen, '/proc/PID/maps')]),
    ...(prices ?? []).map((one) => supports('weak', priceSentence(one), ownTimings)),
  ];
}

/** arch/x86/entry/vsyscall/vsyscall_64.c, map_vsyscall; in mode none no process has the page. */
const modes = [
  { permissions: 'r-x', says: 'mode emulate, every call traps and the page can be read' },
  { permissions: '--x', says: 'mode xonly, every call traps and the page cannot be read' },
];

/** Documentation/admin-guide/kernel-parameters.txt: the last vsyscall= counts, without one the kernel's own choice. */
function askedFor(commandLine: string | undefined): string {
  if (commandLine === undefined) return '';
  const asked = commandLine.match(/(?<=^|\s)vsyscall=\w+/g)?.at(-1);
  return asked === undefined ? ', as this kernel is built' : ` (the kernel was booted with ${asked})`;
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
