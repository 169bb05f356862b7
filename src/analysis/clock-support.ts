import type { EntryFunction } from '../model/clock-calls.ts';
import type { HostFacts } from '../model/host.ts';
import type { TimingSample } from '../model/prices.ts';
import type { Known } from '../model/reading.ts';
import { type Arrival, CLOCKS, type ClockEntry, healthyVdsoServes, type Machine, neverInVdso } from './clock-table.ts';
import { type BuildOption, functionHistory } from './function-history.ts';
import { isAtLeast, isAtMost, isOfSourcesRead, machineOf, sourcesRead } from './kernel-version.ts';
import { isUnavailable, known, unavailable } from './known.ts';
import { collectPrices, type Prices } from './prices.ts';
import { measureService } from './vdso-service.ts';

/** What the sources say of one machine's vDSO: since which kernel it answers in user space. */
export type Support =
  | { readonly served: 'always' | 'never' | 'not-read'; readonly source: string }
  | { readonly served: 'since'; readonly absentIn: string; readonly presentIn: string; readonly source: string };

/** What was timed in vdsotop's own process on this host, before anything was attached. */
export interface MeasuredSupport {
  readonly served: Known<boolean>;
  readonly vdsoNs: Known<number>;
  readonly syscallNs: Known<number>;
}

export interface SupportRow {
  /** 'MONOTONIC', 'gettimeofday()' */
  readonly name: string;
  /** Of a clock; absent for a function. */
  readonly id?: number;
  readonly history: { readonly [M in Machine]: Support };
  /** Whether mainline's vDSO of that kernel and machine serves it; unavailable where that was not read. */
  readonly expected: Known<boolean>;
  /** Absent when another kernel or machine is asked about. */
  readonly measured?: MeasuredSupport;
  /** What is known of why the two disagree, one sentence; absent where they agree or one is not known. */
  readonly disagreement?: string;
}

/** The page clock id × kernel version × architecture, with this kernel's own column where it is this kernel's. */
export interface ClockSupport {
  readonly kernel: string;
  readonly machine: string;
  readonly rows: readonly SupportRow[];
}

export const machines = ['x86_64', 'i386', 'aarch64', 'riscv64'] as const satisfies readonly Machine[];

/** `timings` were taken on `host`; without them nothing is said to be measured. */
export function describeClockSupport(
  asked: { readonly kernel: string; readonly machine: string },
  live?: { readonly host: HostFacts; readonly timings: readonly TimingSample[] },
): ClockSupport {
  const measure = live === undefined ? undefined : measuring(live.host, live.timings);
  const clocks = CLOCKS.filter(isListed).map((clock) => {
    const history = perMachine((machine) => clockSupport(clock, machine));
    return withMeasured(
      {
        name: clock.kind === 'aux' ? 'AUX0 to AUX7' : clock.name,
        ...(clock.slot < 32 && { id: clock.slot }),
        history,
        expected: expectation(history, asked, clock.kind === 'aux' ? auxOption : undefined),
      },
      clock.slot < 12 ? measure?.clock(clock) : undefined,
      live?.host,
    );
  });
  const functions = functionHistory.map(({ fn, serves, source, option }) => {
    const history = perMachine((machine) => supportOf(serves[machine], source));
    return withMeasured(
      { name: `${fn}()`, history, expected: expectation(history, asked, option) },
      measure?.fn(fn),
      live?.host,
    );
  });
  return { ...asked, rows: [...clocks, ...functions] };
}

/** The eight AUX clocks are one row: they came together. */
function isListed({ kind, slot }: ClockEntry): boolean {
  return kind !== 'mixed' && kind !== 'unknown' && (kind !== 'aux' || slot === 16);
}

function perMachine(support: (machine: Machine) => Support): SupportRow['history'] {
  return { x86_64: support('x86_64'), i386: support('i386'), aarch64: support('aarch64'), riscv64: support('riscv64') };
}

const commonSource = 'lib/vdso/gettimeofday.c; before it the vclock_gettime.c or gettimeofday.S';

function clockSupport(clock: ClockEntry, machine: Machine): Support {
  if (neverInVdso(clock))
    return { served: 'never', source: 'lib/vdso/gettimeofday.c, 5.3 to 7.3: no such clock there' };
  const arrival = clock.arrivals[machine];
  if (arrival !== undefined) return supportOf(arrival, arrival.source);
  return supportOf(healthyVdsoServes(clock) ? 'always' : undefined, commonSource);
}

function supportOf(serves: 'always' | 'never' | Arrival | undefined, source: string): Support {
  if (serves === undefined) return { served: 'not-read', source: 'its source was not read' };
  if (typeof serves === 'string') return { served: serves, source };
  return { served: 'since', ...serves };
}

function expectation(
  history: SupportRow['history'],
  { kernel, machine }: { readonly kernel: string; readonly machine: string },
  option: BuildOption | undefined,
): Known<boolean> {
  const known = machineOf(machine);
  if (known === undefined) return unavailable('unsupported', `the vDSO of ${machine} was not read`);
  const support = history[known];
  if (support.served === 'not-read') return unavailable('unsupported', support.source);
  if (support.served === 'since' && isAtMost(kernel, support.absentIn)) return false;
  if (!isOfSourcesRead(kernel)) return unavailable('unsupported', unread);
  if (support.served === 'since' && !isAtLeast(kernel, support.presentIn))
    return unavailable('unsupported', `between ${support.absentIn} and ${support.presentIn} no source was read`);
  if (option !== undefined && isAtLeast(kernel, option.since) && (option.machine ?? known) === known)
    return unavailable('unsupported', option.served);
  return support.served !== 'never';
}

const unread = `no source before ${sourcesRead.oldest} or after ${sourcesRead.newest} was read`;

const auxOption: BuildOption = {
  since: '6.17',
  served: 'served only with CONFIG_POSIX_AUX_CLOCKS, and only while that clock is enabled',
};

function measuring(host: HostFacts, timings: readonly TimingSample[]) {
  const prices = collectPrices({ timings: [], unwatchedTimings: timings });
  const service = measureService(prices, host);
  return {
    clock({ slot }: ClockEntry): MeasuredSupport {
      const served = service(slot);
      return {
        served: isUnavailable(served) ? served : served.served,
        vdsoNs: medianOf(prices, { call: 'clock_gettime', clockId: slot, path: 'vdso' }),
        syscallNs: medianOf(prices, { call: 'clock_gettime', clockId: slot, path: 'syscall' }),
      };
    },
    fn(fn: EntryFunction): MeasuredSupport | undefined {
      if (fn !== 'gettimeofday' && fn !== 'time' && fn !== 'getcpu') return undefined;
      const vdsoNs = medianOf(prices, { call: fn, path: 'vdso' });
      const syscallNs = medianOf(prices, { call: fn, path: 'syscall' });
      const served = lacksFunction(host, fn) ? false : clearlyServed(vdsoNs, syscallNs);
      return { served, vdsoNs, syscallNs };
    },
  };
}

function medianOf(prices: Prices, what: Parameters<Prices['unwatched']>[0]): Known<number> {
  return prices.unwatched(what)?.p50 ?? unavailable('absent', 'it could not be timed here');
}

/** A function of the vDSO at half the price of the system call or less did not make it (as vdso-service.ts). */
function clearlyServed(vdsoNs: Known<number>, syscallNs: Known<number>): Known<boolean> {
  if (isUnavailable(vdsoNs)) return vdsoNs;
  return isUnavailable(syscallNs) ? syscallNs : vdsoNs <= syscallNs / 2;
}

function lacksFunction({ ownVdso }: HostFacts, fn: EntryFunction): boolean {
  const image = known(ownVdso);
  return !isUnavailable(image) && !image.symbols.some(({ name }) => name.endsWith(`_${fn}`));
}

function withMeasured(row: SupportRow, measured: MeasuredSupport | undefined, host: HostFacts | undefined): SupportRow {
  if (measured === undefined || host === undefined) return row;
  const disagrees = !isUnavailable(row.expected) && !isUnavailable(measured.served) && row.expected !== measured.served;
  return { ...row, measured, ...(disagrees && { disagreement: reasonOf(measured.served === true, host) }) };
}

/** Only what the host shows is given as a reason. */
function reasonOf(served: boolean, host: HostFacts): string {
  const foreign = known(host.foreignKernel);
  if (!isUnavailable(foreign) && foreign !== 'none')
    return `the kernel is not Linux (${foreign}), and its vDSO is its own`;
  if (served) return 'this kernel serves it although the mainline source of its version does not: a backport';
  const mappings = known(host.ownMappings);
  if (!isUnavailable(mappings) && !mappings.some(({ name }) => name === '[vdso]'))
    return 'this kernel maps no vDSO at all (vdso=0?)';
  const clocksource = known(host.currentClocksource);
  const by = isUnavailable(clocksource) ? 'its clocksource is not known' : `its clocksource is ${clocksource}`;
  return `the vDSO hands it to the kernel here; ${by}`;
}
