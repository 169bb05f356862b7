import { errnoName } from '../../native/errno-name.ts';
import type { NativeLibrary } from '../../native/load-native-library.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import { callSampleBytes } from '../calls/caught-calls.ts';
import { type CaughtFrame, readCaughtFrames } from './caught-frames.ts';

/** One sample: an address, and in which code it lies. `code`: what the thread's process maps as its vDSO, where known. */
export interface CpuSample<C> {
  readonly ip: bigint;
  readonly tid: number;
  readonly mode: 'kernel' | 'user' | 'other';
  readonly code: C | undefined;
}

/** The samplers of a bounded number of threads: struct vt_cpu_sampler[] and what comes out of them. */
export interface CpuSampleRings<C> {
  /**
   * Opens and closes so that just these threads have a stopped or running sampler, each for the code that it has now; the
   * errno name of what was refused.
   */
  follow(tids: readonly number[], periodNs: number): string | undefined;
  open(): readonly number[];
  seesKernel(): boolean;
  run(running: boolean, periodNs?: number): void;
  take(): readonly CpuSample<C>[];
  /** What the last `take` caught of user code within the framed code of its thread, with its registers and stack. */
  frames(): readonly CodeFrame<C>[];
  lost(): number;
  /** Time that threads ran with their sampler on, all together so far; nanoseconds. */
  ranNs(): number;
  close(): void;
}

export interface CodeFrame<C> {
  readonly frame: CaughtFrame;
  readonly code: C;
}

/** A stretch of user code. */
export interface FramedCode {
  readonly start: bigint;
  readonly end: bigint;
}

/** The code of a thread, and whether samples that interrupt it are to come with registers and stack. */
export interface CodeToSample<C> {
  readonly code: C;
  readonly framed: boolean;
}

/** VT_MODE_* of native/cpu-samples.h. */
const modes = ['other', 'kernel', 'user'] as const;
/** struct vt_cpu_sampler, and where its tid lies. */
const samplerBytes = 24;
const mostSamples = 1_024;
const mostFrames = 96;

interface Sampler<C> {
  readonly bytes: Uint8Array;
  readonly of: CodeToSample<C> | undefined;
}

/** Samplers of threads with the same code, packed for C. */
interface Group<C> {
  readonly of: CodeToSample<C> | undefined;
  readonly packed: Uint8Array;
  readonly count: number;
  readonly range: BigUint64Array | null;
}

/** `codeOf`: of a thread; the same object as long as it is the same code. */
export function createCpuSampleRings<C extends FramedCode>(
  native: NativeLibrary,
  codeOf: (tid: number) => CodeToSample<C> | undefined,
): CpuSampleRings<C> {
  const samplers = new Map<number, Sampler<C>>();
  const found = new BigUint64Array(2 * mostSamples);
  const words = new Uint32Array(found.buffer);
  const lost = new BigUint64Array(1);
  const framed = new Uint8Array(new ArrayBuffer(mostFrames * callSampleBytes));
  const framedCount = new Uint32Array(1);
  let groups: readonly Group<C>[] = [];
  let frames: readonly CodeFrame<C>[] = [];
  let seesKernel = true;
  let running = false;
  /** Of samplers that are closed. */
  let ranBefore = 0;

  const ranOf = (bytes: Uint8Array, count: number) => {
    const ns = new BigUint64Array(count);
    if (count > 0) native.vt_cpu_samplers_time(bytes, count, ns);
    return ns.reduce((sum, one) => sum + Number(one), 0);
  };
  const ranOpen = () => groups.reduce((sum, { packed, count }) => sum + ranOf(packed, count), 0);
  const pack = () => {
    const byCode = Map.groupBy(samplers.values(), ({ of }) => of?.code);
    groups = [...byCode.values()].map((members) => packGroup(members));
  };
  const openOne = (tid: number, periodNs: number): string | undefined => {
    const of = codeOf(tid);
    const bytes = allocateStructs('vt_cpu_sampler');
    const result = native.vt_cpu_sampler_open(tid, Math.round(periodNs), of?.framed === true ? 1 : 0, bytes);
    if (result < 0) return errnoName(result);
    seesKernel &&= decodeStruct('vt_cpu_sampler', bytes).sees_kernel === 1;
    samplers.set(tid, { bytes, of });
    if (running) native.vt_cpu_samplers_run(bytes, 1, 1, 0);
    return undefined;
  };
  const takeGroup = ({ of, packed, count, range }: Group<C>): readonly CpuSample<C>[] => {
    framedCount[0] = 0;
    const taken = native.vt_cpu_samplers_read(
      ...([packed, count, new Uint8Array(found.buffer), mostSamples, lost] as const),
      ...([range, range && framed, range === null ? 0 : mostFrames, framedCount] as const),
    );
    if (of?.framed === true) {
      const caught = readCaughtFrames(framed, framedCount[0] ?? 0);
      frames = [...frames, ...caught.map((frame) => ({ frame, code: of.code }))];
    }
    return Array.from({ length: Math.max(0, taken) }, (_, at) => ({
      ip: found[2 * at] ?? 0n,
      tid: words[4 * at + 2] ?? 0,
      mode: modes[words[4 * at + 3] ?? 0] ?? 'other',
      code: of?.code,
    }));
  };

  return {
    follow(tids, periodNs) {
      const wanted = new Set(tids);
      const gone = [...samplers].filter(([tid, { of }]) => !wanted.has(tid) || codeOf(tid)?.code !== of?.code);
      for (const [tid, { bytes }] of gone) {
        ranBefore += ranOf(bytes, 1);
        native.vt_cpu_samplers_close(bytes, 1);
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
      for (const { packed, count } of groups)
        native.vt_cpu_samplers_run(packed, count, on ? 1 : 0, Math.round(periodNs));
    },
    take() {
      frames = [];
      return groups.flatMap(takeGroup);
    },
    frames: () => frames,
    lost: () => Number(lost[0] ?? 0n),
    ranNs: () => ranBefore + ranOpen(),
    close() {
      ranBefore += ranOpen();
      for (const { bytes } of samplers.values()) native.vt_cpu_samplers_close(bytes, 1);
      samplers.clear();
      pack();
    },
  };
}

function packGroup<C extends FramedCode>(members: readonly Sampler<C>[]): Group<C> {
  const packed = new Uint8Array(new ArrayBuffer(members.length * samplerBytes));
  members.forEach(({ bytes }, at) => {
    packed.set(bytes, at * samplerBytes);
  });
  const of = members[0]?.of;
  const range = of?.framed === true ? new BigUint64Array([of.code.start, of.code.end]) : null;
  return { of, packed, count: members.length, range };
}
