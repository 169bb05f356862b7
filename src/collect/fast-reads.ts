import type { EntryCount, EntryFunction, FastReadWitness, Reading, Unavailable } from '../model.ts';
import { allocateStructs, encodeStructs, errnoName, nativeLibrary } from '../native.ts';
import { createBusyThreads } from './busy-threads.ts';
import { entryFunctions } from './entry-functions.ts';
import { deniedCall } from './entry-privileges.ts';
import { available, isDenied, unavailable } from './reading.ts';

export interface FastReadsTarget {
  readonly pid: number;
  /** Start of the target's [vdso] mapping, hexadecimal. */
  readonly vdsoBase: string;
  /** Functions of its vDSO image, by offset from that start. */
  readonly symbols: readonly { readonly name: string; readonly offset: number }[];
  /** Thread ids of the target at this moment. */
  readonly threads: () => readonly number[];
}

/** Looks, for a moment every second, whether a 64-bit process calls the vDSO. Close it when the target calls exec. */
export interface FastReads {
  start(): void;
  read(): Reading<FastReadWitness>;
  close(): void;
}

/** A hit costs the thread some 10 µs: 4 threads × 3 functions × 8 hits a second stay within 0.1 % of a core. */
const threadsPerWindow = 4;
const hitsPerFunction = 8;
const windowMs = 50;
const periodMs = 1_000;

/** What is looked for, of the four debug registers one is left alone. arm64 names them __kernel_*. */
const functions: Readonly<Record<string, EntryFunction>> = {
  __vdso_clock_gettime: 'clock_gettime',
  __vdso_gettimeofday: 'gettimeofday',
  __vdso_time: 'time',
  __kernel_clock_gettime: 'clock_gettime',
  __kernel_gettimeofday: 'gettimeofday',
};
const registers = 4;

export function createFastReads(target: FastReadsTarget): FastReads {
  const probes = probesOf(target);
  const plan = planOf(probes);
  const pick = createBusyThreads(target.pid, threadsPerWindow);
  const tally = createTally();
  let failure: Unavailable = unavailable('absent', 'no moment of watching is over yet');
  let timer: NodeJS.Timeout | undefined;
  let armed: readonly ArmedThread[] = [];

  const later = (run: () => void, ms: number) => {
    timer = setTimeout(run, ms).unref();
  };
  const openWindow = () => {
    const opened = pick(target.threads()).map((tid) => armThread(plan, tid));
    armed = opened.filter((thread) => 'witness' in thread);
    const refused = opened.find((thread) => 'result' in thread && errnoName(thread.result) !== 'ESRCH');
    if (refused !== undefined && 'result' in refused) failure = refusal(refused.result, target.pid);
    later(closeWindow, windowMs);
  };
  const closeWindow = () => {
    const seen = armed.map((thread) => disarmThread(plan, thread, probes.length));
    armed = [];
    tally.add(seen);
    if (seen.length > 0 || isPassing(failure)) later(openWindow, Math.random() * 2 * (periodMs - windowMs));
  };

  return {
    start() {
      if (timer === undefined && probes.length > 0) openWindow();
    },
    read() {
      if (probes.length === 0) return unavailable('absent', "the target's vDSO has none of the functions looked for");
      const witness = tally.witness();
      return witness.windows === 0 ? failure : available(witness, 'execution breakpoints on the vDSO');
    },
    close() {
      clearTimeout(timer);
      for (const thread of armed) disarmThread(plan, thread, probes.length);
      armed = [];
    },
  };
}

/** Adds up what the windows saw; one in which no thread could be watched is none. */
function createTally() {
  const hits = new Map<string, EntryCount>();
  let windows = 0;
  let boundedWindows = 0;
  let armedThreadMs = 0;
  return {
    add(seen: readonly ReturnType<typeof disarmThread>[]) {
      for (const { tags, ms } of seen) {
        armedThreadMs += ms;
        for (const tag of tags) countHit(hits, tag);
      }
      if (seen.length > 0) windows += 1;
      if (seen.some(({ bounded }) => bounded)) boundedWindows += 1;
    },
    witness: (): FastReadWitness => ({ hits: [...hits.values()], armedThreadMs, boundedWindows, windows }),
  };
}

interface Probe {
  readonly fn: number;
  readonly address: bigint;
}

function probesOf({ vdsoBase, symbols }: FastReadsTarget): readonly Probe[] {
  const base = BigInt(`0x${vdsoBase}`);
  return symbols.flatMap(({ name, offset }) => {
    const fn = functions[name];
    return fn === undefined ? [] : [{ fn: entryFunctions.indexOf(fn), address: base + BigInt(offset) }];
  });
}

function planOf(probes: readonly Probe[]): Uint8Array {
  const addresses = new BigUint64Array(registers);
  const fns = new Uint32Array(registers);
  for (const [at, { fn, address }] of probes.entries()) {
    addresses[at] = address;
    fns[at] = fn;
  }
  const bytes = { addresses: new Uint8Array(addresses.buffer), functions: new Uint8Array(fns.buffer) };
  return encodeStructs('vt_witness_plan', [{ ...bytes, hits: hitsPerFunction, reserved: 0 }]);
}

interface ArmedThread {
  readonly witness: Uint8Array;
  readonly sinceNs: bigint;
}

function armThread(plan: Uint8Array, tid: number): ArmedThread | { readonly result: number } {
  const witness = allocateStructs('vt_witness');
  const result = nativeLibrary().vt_witness_open(plan, tid, witness);
  return result < 0 ? { result } : { witness, sinceNs: process.hrtime.bigint() };
}

/** What one thread was seen to call; its watching ended early where every function reached its bound of hits. */
function disarmThread(plan: Uint8Array, { witness, sinceNs }: ArmedThread, functionCount: number) {
  const capacity = registers * hitsPerFunction;
  const found = allocateStructs('vt_witness_hit', capacity);
  const untilNs = process.hrtime.bigint();
  const count = nativeLibrary().vt_witness_close(plan, witness, found, capacity);
  // struct vt_witness_hit: u64 at_ns, u32 fn, u32 slot.
  const words = new Uint32Array(found.buffer);
  const times = new BigUint64Array(found.buffer);
  const tags = Array.from({ length: count }, (_, at) => ({ fn: words[at * 4 + 2] ?? 0, slot: words[at * 4 + 3] ?? 0 }));
  const full = [...Map.groupBy(tags, ({ fn }) => fn).values()].filter(({ length }) => length >= hitsPerFunction).length;
  const endNs = full === functionCount ? (times[(count - 1) * 2] ?? untilNs) : untilNs;
  return { tags, bounded: full > 0, ms: Math.max(0, Number(endNs - sinceNs) / 1e6) };
}

function countHit(hits: Map<string, EntryCount>, { fn, slot }: { readonly fn: number; readonly slot: number }): void {
  const name = entryFunctions[fn];
  if (name === undefined) return;
  const key = `${name} ${slot}`;
  hits.set(key, { fn: name, slot, count: (hits.get(key)?.count ?? 0) + 1 });
}

function refusal(result: number, pid: number): Unavailable {
  const code = errnoName(result);
  if (code === 'ENOSPC' || code === 'EBUSY')
    return unavailable('failed', 'the debug registers are taken by a debugger or another profiler');
  if (isDenied(code)) return deniedCall('an execution breakpoint on the vDSO', code, ['PERFMON'], pid);
  return unavailable('unsupported', `an execution breakpoint on the vDSO answered ${code}`);
}

/** A refusal that the next window may not meet. */
function isPassing({ unavailable: reason }: Unavailable): boolean {
  return reason === 'failed' || reason === 'absent';
}
