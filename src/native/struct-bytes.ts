import koffi from 'koffi';
import { type StructName, type StructOf, structs } from './structs.ts';

const layouts = new Map(Object.entries(structs).map(([name, fields]) => [name, koffi.struct(fields)]));

function layout(name: StructName) {
  const found = layouts.get(name);
  if (found === undefined) throw new Error(`no struct ${name}`);
  return found;
}

/** Zeroed bytes for `count` structs, to hand to C. The explicit buffer lies outside V8's heap, where nothing moves it. */
export function allocateStructs(name: StructName, count = 1): Uint8Array {
  return new Uint8Array(new ArrayBuffer(koffi.sizeof(layout(name)) * count));
}

/** The first `count` structs in `bytes`. */
export function decodeStructs<S extends StructName>(name: S, bytes: Uint8Array, count: number): readonly StructOf<S>[] {
  if (count === 0) return [];
  const raw: unknown[] = koffi.decode(bytes, layout(name), count);
  return raw.map((one) => normalise(one) as StructOf<S>);
}

/** One struct. */
export function decodeStruct<S extends StructName>(name: S, bytes: Uint8Array): StructOf<S> {
  return normalise(koffi.decode(bytes, layout(name))) as StructOf<S>;
}

/** Bytes of `values` as an array of structs. */
export function encodeStructs<S extends StructName>(name: S, values: readonly StructOf<S>[]): Uint8Array {
  const bytes = allocateStructs(name, values.length);
  values.forEach((value, index) => {
    koffi.encode(bytes, index * koffi.sizeof(layout(name)), layout(name), value);
  });
  return bytes;
}

/** koffi gives a 64-bit integer as number or bigint by its size: here it becomes a number, once. */
function normalise(struct: unknown): unknown {
  const fields = Object.entries(struct as Record<string, unknown>);
  return Object.fromEntries(fields.map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]));
}
