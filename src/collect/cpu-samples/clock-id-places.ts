import type { FrameBytes } from '../calls/sampled-frame-bytes.ts';

/**
 * Where a thread that was interrupted inside the vDSO still holds the clock id it asked for. The code keeps the id for
 * the system call that it falls back to (lib/vdso/gettimeofday.c, clock_gettime_fallback), in a register or on its stack.
 */
export interface ClockIdPlace {
  /** A register, or bytes above the stack pointer: 32 bits. */
  readonly at: { readonly register: string } | { readonly stackOffset: number };
  /** In code that another function of the vDSO called: bytes above the stack pointer of the address it returns to. */
  readonly returnOffset?: number;
}

/** By offset of the interrupted instruction from the start of the image; what is not there is not known. */
export type ClockIdPlaces = ReadonlyMap<number, ClockIdPlace>;

/** One interruption of a loop of clock_gettime of a clock that is known. */
export interface Sighting {
  readonly clockId: number;
  /** From the start of the image. */
  readonly offset: number;
  readonly frame: FrameBytes;
}

/** Fewer sightings of an instruction, or of fewer clocks, prove nothing of it. */
const leastSightings = 3;
const leastClocks = 2;
/** How far above the stack pointer the id or a return address is looked for. */
const stackReach = 128;

/**
 * Places that held the id at every sighting of an instruction, whichever clock it was: what differs with the clock as
 * the id does is the id. `isInside`: whether an address lies in clock_gettime itself.
 */
export function findClockIdPlaces(
  sightings: readonly Sighting[],
  isInside: (offset: number) => boolean,
  isReturn: (address: bigint) => boolean,
): ClockIdPlaces {
  const places = new Map<number, ClockIdPlace>();
  for (const [offset, own] of Map.groupBy(sightings, (one) => one.offset)) {
    if (own.length < leastSightings || new Set(own.map(({ clockId }) => clockId)).size < leastClocks) continue;
    const at = placeOf(own);
    const returnOffset = isInside(offset) ? undefined : returnOf(own, isReturn);
    if (at === undefined || (returnOffset === undefined && !isInside(offset))) continue;
    places.set(offset, { at, ...(returnOffset !== undefined && { returnOffset }) });
  }
  return places;
}

/** What the place holds in a frame; undefined where the stack was not sampled so far. */
export function clockIdAt({ at }: ClockIdPlace, { registers, stack }: FrameBytes): number | undefined {
  if (!('register' in at)) return wordAt(stack, at.stackOffset);
  const value = registers[at.register];
  return value === undefined ? undefined : Number(BigInt.asIntN(32, value));
}

/** The return address that the place tells of. */
export function returnAddressAt({ returnOffset }: ClockIdPlace, { stack }: FrameBytes): bigint | undefined {
  return returnOffset === undefined ? undefined : addressAt(stack, returnOffset);
}

function placeOf(sightings: readonly Sighting[]): ClockIdPlace['at'] | undefined {
  const names = Object.keys(sightings[0]?.frame.registers ?? {});
  const registers = names.map((register) => ({ register }));
  const stack = Array.from({ length: stackReach / 4 }, (_, index) => ({ stackOffset: index * 4 }));
  return [...registers, ...stack].find((at) =>
    sightings.every(({ clockId, frame }) => clockIdAt({ at }, frame) === clockId),
  );
}

function returnOf(sightings: readonly Sighting[], isReturn: (address: bigint) => boolean): number | undefined {
  const offsets = Array.from({ length: stackReach / 8 }, (_, index) => index * 8);
  return offsets.find((offset) =>
    sightings.every(({ frame }) => {
      const address = addressAt(frame.stack, offset);
      return address !== undefined && isReturn(address);
    }),
  );
}

function wordAt(stack: Uint8Array, offset: number): number | undefined {
  if (offset + 4 > stack.byteLength) return undefined;
  return new DataView(stack.buffer, stack.byteOffset).getInt32(offset, true);
}

function addressAt(stack: Uint8Array, offset: number): bigint | undefined {
  if (offset + 8 > stack.byteLength) return undefined;
  return new DataView(stack.buffer, stack.byteOffset).getBigUint64(offset, true);
}
