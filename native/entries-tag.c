/* Which function was called for which clock, by the system call's own tracepoint. */
#include "entries-code.h"

/*
 * Negative ids (include/linux/posix-timers.h): the low three bits are 3 for a descriptor, else bit 2 tells a thread from a
 * process, and the low two name the CPU clock, of which 3 is none.
 */
void clock_slot(struct code *c)
{
	uint32_t done[5];

	done[0] = JUMP_IF_I(c, BPF_JLT, R8, VT_SLOT_PROCESS_CPU);
	MOV32(c, R1, R8);
	OP32_I(c, BPF_AND, R1, 7);
	MOV32(c, R2, R8);
	MOV32_I(c, R8, VT_SLOT_INVALID);
	done[1] = JUMP32_IF_I(c, BPF_JSGE, R2, 0);
	done[2] = JUMP32_IF_I(c, BPF_JEQ, R1, 7);
	MOV32_I(c, R8, VT_SLOT_DESCRIPTOR);
	done[3] = JUMP32_IF_I(c, BPF_JEQ, R1, 3);
	MOV32_I(c, R8, VT_SLOT_THREAD_CPU);
	done[4] = JUMP32_IF_I(c, BPF_JGT, R1, 3);
	MOV32_I(c, R8, VT_SLOT_PROCESS_CPU);
	land_all(c, done, 5);
}

void load_tag(struct code *c, struct exits *out, uint32_t kind, uint32_t argument_offset)
{
	switch (kind) {
	case VT_FN_CLOCK_GETTIME:
	case VT_FN_CLOCK_GETRES:
		LOAD(c, BPF_W, R8, R6, argument_offset + LOW_HALF);
		clock_slot(c);
		OP_I(c, BPF_ADD, R8, (int32_t)kind * VT_SLOT_COUNT);
		break;
	case VT_TP_VSYSCALL: /* nr: 0 gettimeofday, 1 time, 2 getcpu (arch/x86/entry/vsyscall/vsyscall_64.c) */
		LOAD(c, BPF_W, R8, R6, argument_offset);
		leave(out, JUMP_IF_I(c, BPF_JGT, R8, 2));
		OP_I(c, BPF_MUL, R8, VT_SLOT_COUNT);
		OP_I(c, BPF_ADD, R8, VT_FN_VSYSCALL_GETTIMEOFDAY * VT_SLOT_COUNT);
		break;
	default:
		MOV_I(c, R8, (int32_t)kind * VT_SLOT_COUNT);
	}
}
