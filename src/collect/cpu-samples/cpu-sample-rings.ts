import { errnoName } from '../../native/errno-name.ts';
import type { NativeLibrary } from '../../native/load-native-library.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import { callSampleBytes } from '../calls/caught-calls.ts';
import { type CaughtFrame, readCaughtFrames } from './caught-frames.ts';

/** One sample: an address, and in which code it lies. */
export interface CpuSample {
  readonly ip: bigint;
  readonly tid: number;
  readonly mode: 'kernel' | 'user' | 'other';
}

/** The samplers of a bounded number of threads: struct vt_cpu_sampler[] and what comes out of them. */
export interface CpuSampleRings {
  /** Opens and closes so that just these threads have a stopped or running sampler; the errno name of what was refused. */
  follow(tids: readonly number[], periodNs: number): string | undefined;
  open(): readonly number[];
  seesKernel(): boolean;
  run(running: boolean, periodNs?: number): void;
  take(): readonly CpuSample[];
  /** What the last `take` caught of user code within `code`, with its registers and stack. */
  frames(): readonly CaughtFrame[];
  lost(): number;
  /** Time that threads ran with their sampler on, all together so far; nanoseconds. */
  ranNs(): number;
  close(): void;
}

/** Samples with registers and stack are asked for where the user code that they interrupt lies within these addresses. */
export interface FramedCode {
  readonly start: bigint;
  readonly end: bigint;
}

/** VT_MODE_* of native/cpu-samples.h. */
const modes = ['other', 'kernel', 'user'] as const;
/** struct vt_cpu_sampler, and where its tid lies. */
const samplerBytes = 24;
const mostSamples = 1_024;
const mostFrames = 96;

export function createCpuSampleRings(native: NativeLibrary, code?: FramedCode): CpuSampleRings {
  const samplers = new Map<number, Uint8Array>();
  const found = new BigUint64Array(2 * mostSamples);
  const words = new Uint32Array(found.buffer);
  const lost = new BigUint64Array(1);
  const range = code && new BigUint64Array([code.start, code.end]);
  const framed = code && new Uint8Array(new ArrayBuffer(mostFrames * callSampleBytes));
  const framedCount = new Uint32Array(1);
  let packed = new Uint8Array(0);
  let seesKernel = true;
  let running = false;

  /** Of samplers that are closed. */
  let ranBefore = 0;

  const ranOf = (bytes: Uint8Array, count: number) => {
    const ns = new BigUint64Array(count);
    if (count > 0) native.vt_cpu_samplers_time(bytes, count, ns);
    return ns.reduce((sum, one) => sum + Number(one), 0);
  };
  const pack = () => {
    packed = new Uint8Array(new ArrayBuffer(samplers.size * samplerBytes));
    [...samplers.values()].forEach((bytes, at) => {
      packed.set(bytes, at * samplerBytes);
    });
  };
  const openOne = (tid: number, periodNs: number): string | undefined => {
    const sampler = allocateStructs('vt_cpu_sampler');
    const result = native.vt_cpu_sampler_open(tid, Math.round(periodNs), code === undefined ? 0 : 1, sampler);
    if (result < 0) return errnoName(result);
    seesKernel &&= decodeStruct('vt_cpu_sampler', sampler).sees_kernel === 1;
    samplers.set(tid, sampler);
    if (running) native.vt_cpu_samplers_run(sampler, 1, 1, 0);
    return undefined;
  };

  return {
    follow(tids, periodNs) {
      const wanted = new Set(tids);
      const gone = [...samplers].filter(([tid]) => !wanted.has(tid));
      for (const [tid, sampler] of gone) {
        ranBefore += ranOf(sampler, 1);
        native.vt_cpu_samplers_close(sampler, 1);
        samplers.delete(tid);
      }
      const fresh = tids.filter((tid) => !samplers.has(tid));
      const refused = fresh
        .map((tid) => openOne(tid, periodNs))
        .filter((code) => code !== undefined && code !== 'ESRCH');
      if (gone.length + fresh.length > 0) pack();
      return refused[0];
    },
    open: () => [...samplers.keys()],
    seesKernel: () => seesKernel,
    run(on, periodNs = 0) {
      running = on;
      if (samplers.size > 0) native.vt_cpu_samplers_run(packed, samplers.size, on ? 1 : 0, Math.round(periodNs));
    },
    take() {
      framedCount[0] = 0;
      if (samplers.size === 0) return [];
      const count = native.vt_cpu_samplers_read(
        ...([packed, samplers.size, new Uint8Array(found.buffer), mostSamples, lost] as const),
        ...([range ?? null, framed ?? null, framed === undefined ? 0 : mostFrames, framedCount] as const),
      );
      return Array.from({ length: Math.max(0, count) }, (_, at) => ({
        ip: found[2 * at] ?? 0n,
        tid: words[4 * at + 2] ?? 0,
        mode: modes[words[4 * at + 3] ?? 0] ?? 'other',
      }));
    },
    frames: () => (framed === undefined ? [] : readCaughtFrames(framed, framedCount[0] ?? 0)),
    lost: () => Number(lost[0] ?? 0n),
    ranNs: () => ranBefore + ranOf(packed, samplers.size),
    close() {
      ranBefore += ranOf(packed, samplers.size);
      for (const sampler of samplers.values()) native.vt_cpu_samplers_close(sampler, 1);
      samplers.clear();
      pack();
    },
  };
}
