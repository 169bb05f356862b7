import { unwindMachine } from '../../elf/unwind-machine.ts';
import type { CallSite, CodePlace } from '../../model/call-sites.ts';
import type { Unavailable } from '../../model/reading.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { type CodePlaces, createCodePlaces } from './code-places.ts';
import { followCallers } from './follow-callers.ts';
import type { ModuleFiles } from './module-files.ts';
import { sampledFrame } from './sampled-frame.ts';
import { vsyscallPlace } from './vsyscall-place.ts';

export interface ResolvedCall extends Pick<CallSite, 'callers' | 'foundBy'> {
  /** The syscall instruction (its address is that of the next one, as sampled), or the first one of a vDSO function. */
  readonly place: CodePlace;
  /** The name of who asked is on its way: to be resolved again a moment later. */
  readonly nameAwaited?: true;
}

export interface CallSiteResolver {
  /** Never throws; what cannot be told is 'unknown', nameless, or without callers. */
  resolve(sample: RawCallSample): ResolvedCall;
  /** What could not be read, and why: names and callers may be missing, or assumed, for it. */
  obstacles(): readonly Unavailable[];
  /** After an exec. */
  refresh(): void;
  close(): void;
}

export interface CallSiteResolverOptions {
  /** Least time between two readings of /proc/PID/maps, which take the target's mmap lock. */
  readonly minRereadMs?: number;
  /** Files with code that other processes map too; absent: this one's own. */
  readonly files?: ModuleFiles;
}

/** Names the code that reads clocks in the process `pid` from samples of its registers and stack. */
export function createCallSiteResolver(pid: number, options: CallSiteResolverOptions = {}): CallSiteResolver {
  const { minRereadMs = 5_000, files } = options;
  const byBits = new Map<32 | 64, CodePlaces>();
  const placesOf = (bits: 32 | 64): CodePlaces => {
    const places = byBits.get(bits) ?? createCodePlaces(pid, bits, minRereadMs, files);
    byBits.set(bits, places);
    return places;
  };
  const refresh = (): void => {
    for (const places of byBits.values()) places.forget();
    byBits.clear();
  };
  return {
    resolve(sample) {
      try {
        const places = placesOf(sample.bits);
        return withNameAwaited(resolveSample(sample, places), places);
      } catch {
        return unresolved(sample);
      }
    },
    obstacles: () => [...byBits.values()].flatMap((places) => places.obstacles()),
    refresh,
    close: refresh,
  };
}

function resolveSample(sample: RawCallSample, places: CodePlaces): ResolvedCall {
  const counter = programCounter(sample);
  const inVsyscall = vsyscallPlace(counter);
  const interrupted = sample.midway === true;
  // At its first instruction a function's frame is not set up yet: its caller is where the call put it.
  const atEntry = (sample.side === 'vdso' && !interrupted) || inVsyscall !== undefined;
  const address = Number(counter);
  const place = inVsyscall ?? places.placeAt(address, atEntry || interrupted ? address : address - 1);
  const machine = unwindMachine(process.arch, sample.bits);
  const frame = machine && sampledFrame(sample, machine);
  if (machine === undefined || frame === undefined) return { place, callers: [], foundBy: 'none' };
  const first = { ...frame, programCounter: address, atEntry, interrupted };
  const call = { place, ...followCallers(places, machine, first) };
  return interrupted ? asCallOfVdso(call) : call;
}

/** The code that asked libc or the vDSO for the time is what is looked for: that its name lacks has to be said. */
function withNameAwaited(call: ResolvedCall, places: CodePlaces): ResolvedCall {
  const asking = [call.place, ...call.callers].find(({ kind }) => !servingKinds.has(kind));
  if (asking === undefined || asking.symbol !== undefined) return call;
  const address = Number.parseInt(asking.address, 16) - 1;
  if (places.awaitsName(address)) return { ...call, nameAwaited: true };
  places.noteNameless(address);
  return call;
}

const servingKinds: ReadonlySet<CodePlace['kind']> = new Set(['vdso', 'vsyscall', 'libc']);

/** Wherever in the vDSO it was interrupted, it is a call of the function that the program called. */
function asCallOfVdso(call: ResolvedCall): ResolvedCall {
  const frames = [call.place, ...call.callers];
  const outside = frames.findIndex(({ kind }) => kind !== 'vdso');
  const inside = outside < 0 ? frames : frames.slice(0, outside);
  const called = inside.findLast(({ symbol }) => symbol !== undefined);
  if (called?.offset === undefined) return call;
  const address = (BigInt(`0x${called.address}`) - BigInt(called.offset)).toString(16);
  return { ...call, place: { ...called, address, offset: 0 }, callers: frames.slice(inside.length) };
}

function programCounter({ registers }: RawCallSample): bigint {
  return registers.ip ?? registers.pc ?? 0n;
}

function unresolved(sample: RawCallSample): ResolvedCall {
  return { place: { address: programCounter(sample).toString(16), kind: 'unknown' }, callers: [], foundBy: 'none' };
}
