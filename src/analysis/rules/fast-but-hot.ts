import type { Fix } from '../../model/findings.ts';
import type { Interval } from '../../model/interval.ts';
import type { PriceNs } from '../../model/prices.ts';
import type { ClockRead } from '../clock-read.ts';
import { coarseTwin, coarseTwins } from '../coarse-twins.ts';
import { namesPhrase, nsPhrase, sharePhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { inProcesses } from '../sampled-processes.ts';
import { type SampledReads, type TopCaller, topCallers } from '../sampled-reads.ts';
import { vdsoProbes } from '../vdso-probes.ts';

/** DESIGN.md §2: a fast path that takes more of a core than this is worth a word. */
export const hotShare = 0.01;
const cpuSampling = "CPU samples of the target's threads";
const bothProbes = `${cpuSampling}, ${vdsoProbes.breakpoints}`;

const fastButHot = targetRule({
  id: 'fast-but-hot',
  layer: 'program',
  role: 'cause',
  title: 'reads take the fast path and are so many that it costs',
  needs: ['core share of the vDSO'],
  mayUse: [
    'reads through the vDSO',
    'functions sampled in the vDSO',
    'call sites',
    'price of a vDSO read',
    'price of a coarse read',
    'clocksource',
  ],
  weigh({ 'core share of the vDSO': share, 'reads through the vDSO': caught, 'call sites': sites, ...sampled }) {
    const reads = caught ?? [];
    const functions = sampled['functions sampled in the vDSO'];
    const seen = `${sharePhrase(share.value)} of a core (${sharePhrase(share.low)} to ${sharePhrase(share.high)}) is spent in [vdso] by clock reads that stay there${reads.length === 0 && functions !== undefined ? `, in ${namesPhrase(functions)}` : ''}`;
    if (caught?.length === 0 && functions === undefined)
      return [contradicts('decisive', 'no read that the vDSO serves was caught', vdsoProbes.breakpoints)];
    // What breakpoints tell of the calls bounds their time too.
    const probes = caught === undefined ? cpuSampling : bothProbes;
    if (share.high <= hotShare) return [contradicts('decisive', seen, probes)];
    if (share.value <= hotShare) return [contradicts('weak', seen, probes)];
    if (caught === undefined && functions === undefined) return [];
    const callers = reads.slice(0, 3).flatMap((read) => callerEvidence(read, sites));
    return [supports(share.low > hotShare ? 'decisive' : 'weak', seen, probes), ...callers];
  },
  clause: ({ 'core share of the vDSO': { value }, 'reads through the vDSO': reads = [], 'call sites': sites }) =>
    `these reads take ${sharePhrase(value)} of a core${mostlyFrom(reads[0], sites)}`,
  fix: (seen) => ({
    ...readLess(
      seen['core share of the vDSO'],
      seen['reads through the vDSO'] ?? [],
      seen['price of a vDSO read'],
      seen['price of a coarse read'],
      seen['call sites'],
    ),
    wouldNotHelp: useless(seen.clocksource),
  }),
  undecidedWithout: {
    reading: 'CPU samples of a longer time',
    detail:
      'absent: too few to tell the share of a core by; watching longer brings more (report: --duration 30s), except of threads that soon end',
  },
  saves: ({ 'core share of the vDSO': share, ...seen }) =>
    savedByCoarse(
      share,
      seen['reads through the vDSO'] ?? [],
      seen['price of a vDSO read'],
      seen['price of a coarse read'],
    ),
  reference: 'clock_gettime(2), CLOCK_MONOTONIC_COARSE; vdso(7)',
});

function topCallerOf(read: ClockRead | undefined, sites: SampledReads | undefined): TopCaller | undefined {
  const sampled = sites?.vdso.get(read?.name ?? '');
  return sampled === undefined ? undefined : topCallers(sampled)[0];
}

function callerEvidence(read: ClockRead, sites: SampledReads | undefined) {
  const top = topCallerOf(read, sites);
  if (top === undefined) return [];
  const all = top.samples === sites?.vdso.get(read.name)?.samples;
  const which = all ? `all ${top.samples} sampled vDSO calls` : `${sharePhrase(top.part)} of the sampled vDSO calls`;
  const seen = `${which} for ${read.name} come from ${top.phrase}${inProcesses(top.processes)}`;
  return [supports('weak', seen, sites?.vdsoProbe ?? 'call sites')];
}

/** Only the caller of a majority is named. */
function mostlyFrom(read: ClockRead | undefined, sites: SampledReads | undefined): string {
  const top = topCallerOf(read, sites);
  if (top === undefined || top.part <= 0.5) return '';
  // Of a tree the busiest threads are sampled, and others may be many.
  const asSampled = top.processes.length > 0 ? ' as sampled' : '';
  return `, ${read?.name}${asSampled} mostly from ${top.phrase}`;
}

/** All reads by the coarse clock of the same time; where one has none, nothing that could be told is saved so. */
function savedByCoarse(
  share: Interval,
  reads: readonly ClockRead[],
  fast?: PriceNs,
  coarse?: PriceNs,
): Interval | undefined {
  if (fast === undefined || coarse === undefined || coarse.p50 >= fast.p50) return undefined;
  if (reads.length === 0 || reads.some((read) => coarseTwin(read) === undefined)) return undefined;
  return { value: share.value * (1 - coarse.p50 / fast.p50), low: 0, high: share.high };
}

function readLess(
  share: Interval,
  reads: readonly ClockRead[],
  fast: PriceNs | undefined,
  coarse: PriceNs | undefined,
  sites: SampledReads | undefined,
): Fix {
  const { coarse: clocks, read } = coarseInstead(reads);
  const caller = topCallerOf(read, sites);
  const at = caller === undefined ? '' : ` in ${caller.phrase}`;
  const half = `half of them left out save ${sharePhrase(share.value / 2)} of a core`;
  const keep = 'keep the time for a batch of work';
  if (clocks === undefined)
    return {
      command: `${keep}${at}, or read it less often`,
      effect: half,
      risk: 'a kept time is as old as the batch',
      reversible: true,
    };
  const prices =
    fast === undefined || coarse === undefined
      ? 'a coarse read leaves the counter alone'
      : `a coarse read takes ${nsPhrase(coarse.p50)} instead of ${nsPhrase(fast.p50)}`;
  const what = reads.length === 0 ? 'the clock' : namesPhrase(reads.map(({ name }) => name));
  return {
    command: `read ${clocks}${at}, ${keep}, or read ${what} less often`,
    effect: `${half}; ${prices}`,
    risk: 'a coarse or kept time is as old as a timer tick or the batch',
    reversible: true,
  };
}

/** By which coarse clocks these reads could go, and the most caught of those that could; where none is known, any may. */
function coarseInstead(reads: readonly ClockRead[]): { readonly coarse?: string; readonly read?: ClockRead } {
  const [first] = reads;
  if (first === undefined) return { coarse: 'a coarse clock (REALTIME and MONOTONIC have one)' };
  const twins = coarseTwins(reads);
  if (twins.length === 0) return { read: first };
  return { coarse: namesPhrase(twins), read: reads.find((read) => coarseTwin(read) !== undefined) ?? first };
}

/** The bare counter, which no other clocksource is read faster than; of a page that a hypervisor keeps tsc may be. */
const bareCounters: readonly (string | undefined)[] = ['tsc', 'arch_sys_counter'];

function useless(clocksource: string | undefined): string {
  const what = bareCounters.includes(clocksource) ? 'another clocksource or libc' : 'another libc';
  return `${what}: these reads are on the fast path already`;
}

export const fastButHotRules: readonly Rule[] = [fastButHot];
