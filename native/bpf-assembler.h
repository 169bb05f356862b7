/*
 * BPF instructions by name, as Documentation/bpf/standardization/instruction-set.rst has them, appended to a `struct
 * code`. Jumps answer their own index, and land() makes them go to the instruction that comes next. A program that does
 * not fit is refused by code_fits().
 */
#ifndef VDSOTOP_BPF_ASSEMBLER_H
#define VDSOTOP_BPF_ASSEMBLER_H

#include <linux/bpf.h>
#include <stdint.h>

#define MAX_INSNS 256

struct code {
	struct bpf_insn insn[MAX_INSNS];
	uint32_t count;
};

enum { R0, R1, R2, R3, R4, R5, R6, R7, R8, R9, FP };

static inline int code_fits(const struct code *c)
{
	return c->count <= MAX_INSNS;
}

static inline uint32_t emit(struct code *c, uint8_t op, uint8_t dst, uint8_t src, int32_t off, int32_t imm)
{
	if (c->count < MAX_INSNS)
		c->insn[c->count] = (struct bpf_insn){
			.code = op, .dst_reg = dst & 15, .src_reg = src & 15, .off = (int16_t)off, .imm = imm
		};
	return c->count++;
}

/* Names ending in 32 work on the low half of a register and clear the high one; _I takes an immediate operand. */
#define MOV(c, d, s) emit(c, BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOV_I(c, d, i) emit(c, BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define MOV32(c, d, s) emit(c, BPF_ALU | BPF_MOV | BPF_X, d, s, 0, 0)
#define MOV32_I(c, d, i) emit(c, BPF_ALU | BPF_MOV | BPF_K, d, 0, 0, i)
#define OP(c, op, d, s) emit(c, BPF_ALU64 | (op) | BPF_X, d, s, 0, 0)
#define OP_I(c, op, d, i) emit(c, BPF_ALU64 | (op) | BPF_K, d, 0, 0, i)
#define OP32(c, op, d, s) emit(c, BPF_ALU | (op) | BPF_X, d, s, 0, 0)
#define OP32_I(c, op, d, i) emit(c, BPF_ALU | (op) | BPF_K, d, 0, 0, i)
#define LOAD(c, size, d, s, off) emit(c, BPF_LDX | BPF_MEM | (size), d, s, off, 0)
#define STORE(c, size, d, off, s) emit(c, BPF_STX | BPF_MEM | (size), d, s, off, 0)
#define CALL(c, helper) emit(c, BPF_JMP | BPF_CALL, 0, 0, 0, helper)
#define EXIT(c) emit(c, BPF_JMP | BPF_EXIT, 0, 0, 0, 0)
#define JUMP(c) emit(c, BPF_JMP | BPF_JA, 0, 0, 0, 0)
#define JUMP_IF(c, op, d, s) emit(c, BPF_JMP | (op) | BPF_X, d, s, 0, 0)
#define JUMP_IF_I(c, op, d, i) emit(c, BPF_JMP | (op) | BPF_K, d, 0, 0, i)
#define JUMP32_IF_I(c, op, d, i) emit(c, BPF_JMP32 | (op) | BPF_K, d, 0, 0, i)

/* dst = a 64-bit constant (kind 0) or the map of a descriptor (BPF_PSEUDO_MAP_FD); takes two instructions. */
static inline void load_imm64(struct code *c, uint8_t dst, uint8_t kind, uint64_t value)
{
	emit(c, BPF_LD | BPF_DW | BPF_IMM, dst, kind, 0, (int32_t)(uint32_t)value);
	emit(c, 0, 0, 0, 0, (int32_t)(uint32_t)(value >> 32));
}

static inline void land(struct code *c, uint32_t jump)
{
	if (jump < MAX_INSNS)
		c->insn[jump].off = (int16_t)(c->count - jump - 1);
}

static inline void land_all(struct code *c, const uint32_t *jumps, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		land(c, jumps[i]);
}

#endif
