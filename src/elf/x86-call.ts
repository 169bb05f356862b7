/** The longest call instruction of x86: opcode, ModRM, SIB, 32-bit displacement. */
export const maxCallBytes = 7;

/** Forms of `call` by their length: their opcode and, where it has one, the ModRM bytes that make it that long. */
const forms: readonly { readonly length: number; readonly opcode: number; readonly modRm?: readonly number[] }[] = [
  { length: 5, opcode: 0xe8 },
  { length: 2, opcode: 0xff, modRm: [0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7] },
  { length: 2, opcode: 0xff, modRm: [0x10, 0x11, 0x12, 0x13, 0x16, 0x17] },
  { length: 3, opcode: 0xff, modRm: [0x14, 0x50, 0x51, 0x52, 0x53, 0x55, 0x56, 0x57] },
  { length: 4, opcode: 0xff, modRm: [0x54] },
  { length: 6, opcode: 0xff, modRm: [0x15, 0x90, 0x91, 0x92, 0x93, 0x95, 0x96, 0x97] },
  { length: 7, opcode: 0xff, modRm: [0x14, 0x94] },
];

/**
 * Whether the instruction before a return address can be a call: `before` are the bytes that end there (Intel SDM volume
 * 2, CALL: E8, FF /2). A word of the stack for which it cannot was misread.
 */
export function isAfterCall(before: Uint8Array): boolean {
  return forms.some(({ length, opcode, modRm }) => {
    const at = before.length - length;
    return before[at] === opcode && (modRm === undefined || modRm.includes(before[at + 1] ?? -1));
  });
}

/** What a call before `returnAddress` goes to: code itself, or a slot that holds the address of it. */
export type CallTarget = { readonly code: number } | { readonly slot: number };

/** undefined for a call through a register or a table, which does not say (x86-64). */
export function callTarget(before: Uint8Array, returnAddress: number): CallTarget | undefined {
  const view = new DataView(before.buffer, before.byteOffset, before.byteLength);
  const displacementAt = before.length - 4;
  if (displacementAt < 2) return undefined;
  const address = returnAddress + view.getInt32(displacementAt, true);
  if (before[displacementAt - 1] === 0xe8) return { code: address };
  const throughSlot = before[displacementAt - 2] === 0xff && before[displacementAt - 1] === 0x15;
  return throughSlot ? { slot: address } : undefined;
}

export const maxStubBytes = 11;

/** The slot that a PLT entry of x86-64 jumps through: optional endbr64 and bnd, then `jmp *slot(%rip)`. */
export function stubSlot(bytes: Uint8Array, address: number): number | undefined {
  const endbr = bytes[0] === 0xf3 && bytes[1] === 0x0f && bytes[2] === 0x1e && bytes[3] === 0xfa ? 4 : 0;
  const jump = endbr + (bytes[endbr] === 0xf2 ? 1 : 0);
  if (bytes[jump] !== 0xff || bytes[jump + 1] !== 0x25 || bytes.length < jump + 6) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return address + jump + 6 + view.getInt32(jump + 2, true);
}
