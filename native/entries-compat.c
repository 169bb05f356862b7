/* Calls of 32-bit code on x86-64. */
#include "entries-code.h"

/*
 * 32-bit code on x86-64 fires raw_syscalls:sys_enter and none of syscalls:* (arch_trace_is_compat_syscall), 64-bit code
 * fires both, in one call of the sys_enter tracepoint. So VT_TP_RAW adds whatever bears the number of a 32-bit clock
 * call (arch/x86/entry/syscalls/syscall_32.tbl), and what 64-bit code meant by that number is taken back at the
 * tracepoint of its own call, which a 32-bit call never reaches: no register of the caller need be read, for which the
 * kernel has helpers for GPL programs only, and `int $0x80` of 64-bit code is told right too, as its CS would not.
 */
static const struct compat_call {
	int32_t number;
	uint32_t fn;
	uint32_t has_no_twin; /* 64-bit code has no call of this number (syscall_64.tbl skips 387 to 423) */
} compat_calls[] = {
	{ 265, VT_FN_CLOCK_GETTIME, 0 }, { 403, VT_FN_CLOCK_GETTIME, 1 }, { 266, VT_FN_CLOCK_GETRES, 0 },
	{ 406, VT_FN_CLOCK_GETRES, 1 },  { 78, VT_FN_GETTIMEOFDAY, 0 },   { 13, VT_FN_TIME, 0 },
	{ 318, VT_FN_GETCPU, 0 },
};
#define COMPAT_CALLS (sizeof(compat_calls) / sizeof(compat_calls[0]))

/* The functions that the 64-bit calls from VT_TP_LINKAT on are taken for. */
static const uint32_t twins[] = { VT_FN_CLOCK_GETTIME, VT_FN_CLOCK_GETRES, VT_FN_GETTIMEOFDAY, VT_FN_TIME, VT_FN_GETCPU };

/* The first two arguments of 32-bit code have no high half; a 64-bit call of no system call mostly has a pointer there. */
static void pass_narrow(struct code *c, struct exits *out, uint32_t arguments)
{
	LOAD(c, BPF_DW, R2, R6, arguments);
	LOAD(c, BPF_DW, R3, R6, arguments + 8);
	OP(c, BPF_OR, R2, R3);
	OP_I(c, BPF_RSH, R2, 32);
	leave(out, JUMP_IF_I(c, BPF_JNE, R2, 0));
}

void load_compat_function(struct code *c, struct exits *out, const struct vt_tracepoint *raw)
{
	uint32_t known[COMPAT_CALLS], done[COMPAT_CALLS];

	LOAD(c, BPF_W, R1, R6, raw->flags_offset + LOW_HALF);
	for (uint32_t i = 0; i < COMPAT_CALLS; i++)
		known[i] = JUMP_IF_I(c, BPF_JEQ, R1, compat_calls[i].number);
	leave(out, JUMP(c));
	for (uint32_t i = 0; i < COMPAT_CALLS; i++) {
		land(c, known[i]);
		if (compat_calls[i].has_no_twin)
			pass_narrow(c, out, raw->argument_offset);
		MOV_I(c, R9, (int32_t)compat_calls[i].fn);
		done[i] = JUMP(c);
	}
	land_all(c, done, COMPAT_CALLS);
}

void load_twin_function(struct code *c, uint32_t kind)
{
	MOV_I(c, R9, (int32_t)twins[kind - VT_TP_LINKAT]);
}

void load_compat_tag(struct code *c, uint32_t argument_offset)
{
	uint32_t no_clock;

	MOV_I(c, R8, 0);
	no_clock = JUMP_IF_I(c, BPF_JGT, R9, VT_FN_CLOCK_GETRES);
	LOAD(c, BPF_W, R8, R6, argument_offset + LOW_HALF);
	clock_slot(c);
	land(c, no_clock);
	OP_I(c, BPF_MUL, R9, VT_SLOT_COUNT);
	OP(c, BPF_ADD, R8, R9);
}
