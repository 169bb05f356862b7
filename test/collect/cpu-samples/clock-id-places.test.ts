import { describe, expect, it } from 'vitest';
import {
  clockIdAt,
  findClockIdPlaces,
  returnAddressAt,
  type Sighting,
} from '../../../src/collect/cpu-samples/clock-id-places.ts';

const inside = (offset: number) => offset >= 0x100;
const isReturn = (address: bigint) => address >= 0x7000_0000n && address < 0x7000_1000n;

interface Seen {
  readonly clockId: number;
  readonly offset: number;
  readonly registers?: Readonly<Record<string, bigint>>;
  /** 32-bit words above the stack pointer. */
  readonly words?: readonly number[];
}

function sighting({ clockId, offset, registers = {}, words = [] }: Seen): Sighting {
  const stack = new Uint8Array(new Uint32Array(words).buffer);
  return { clockId, offset, frame: { bits: 64, registers, stack, stackAddress: 0n } };
}

const places = (...seen: readonly Seen[]) => findClockIdPlaces(seen.map(sighting), inside, isReturn);

describe('where code holds the clock id', () => {
  it('is the register that is the id for every clock', () => {
    const found = places(
      { clockId: 7, offset: 0x100, registers: { bx: 7n, di: 7n } },
      { clockId: 11, offset: 0x100, registers: { bx: 7n, di: 11n } },
      { clockId: 1, offset: 0x100, registers: { bx: 7n, di: 1n } },
    );
    expect(found).toEqual(new Map([[0x100, { at: { register: 'di' } }]]));
  });

  it('is a word of the stack where no register has it', () => {
    const found = places(
      { clockId: 7, offset: 0x100, registers: { di: 9n }, words: [0, 0, 0, 7] },
      { clockId: 11, offset: 0x100, registers: { di: 9n }, words: [0, 0, 0, 11] },
      { clockId: 4, offset: 0x100, registers: { di: 9n }, words: [0, 0, 0, 4] },
    );
    expect(found).toEqual(new Map([[0x100, { at: { stackOffset: 12 } }]]));
  });

  it('is not known of an instruction that was seen seldom, with one clock, or once without the id', () => {
    const di = (clockId: number, value = clockId) => ({
      clockId,
      offset: 0x100,
      registers: { di: BigInt(value) },
    });
    expect(places(di(7), di(11))).toEqual(new Map());
    expect(places(di(7), di(7), di(7), di(7))).toEqual(new Map());
    expect(places(di(7), di(11), di(1), di(4, 5))).toEqual(new Map());
  });

  it('is told of a function without a name only with the address that it returns to', () => {
    const words = (clockId: number, back: number) => [back, 0, 0, 0, 0, clockId];
    const seen = (back: number) =>
      [7, 11, 1].map((clockId) => ({ clockId, offset: 0x20, words: words(clockId, back) }));
    expect(places(...seen(0x7000_0123))).toEqual(new Map([[0x20, { at: { stackOffset: 20 }, returnOffset: 0 }]]));
    expect(places(...seen(0x1234))).toEqual(new Map());
  });

  it('is read as 32 bits, with its sign, and not beyond what was sampled of the stack', () => {
    const frame = { bits: 64, stackAddress: 0n, registers: { di: 0xffff_fffan }, stack: new Uint8Array(8) } as const;
    expect(clockIdAt({ at: { register: 'di' } }, frame)).toBe(-6);
    expect(clockIdAt({ at: { register: 'x0' } }, frame)).toBeUndefined();
    expect(clockIdAt({ at: { stackOffset: 4 } }, frame)).toBe(0);
    expect(clockIdAt({ at: { stackOffset: 8 } }, frame)).toBeUndefined();
    expect(returnAddressAt({ at: { stackOffset: 4 }, returnOffset: 8 }, frame)).toBeUndefined();
  });
});
