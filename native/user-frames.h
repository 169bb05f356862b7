/*
 * What PERF_SAMPLE_REGS_USER and PERF_SAMPLE_STACK_USER put into a record (perf_event_open(2)): which registers are asked
 * for, and how both are read, none of it beyond the record's end. For the files that sample frames of user code.
 */
#ifndef VDSOTOP_USER_FRAMES_H
#define VDSOTOP_USER_FRAMES_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "call-samples.h"

#if defined(__x86_64__) || defined(__aarch64__)
#include <asm/perf_regs.h>
#define SAMPLES_FRAMES 1
#endif

#define BIT(n) (1ull << (n))

#if defined(__x86_64__)
/* What frames are unwound with, the first argument of each ABI and, in cs, which one it is. */
#define REGISTERS                                                                                                          \
	(BIT(PERF_REG_X86_BX) | BIT(PERF_REG_X86_SI) | BIT(PERF_REG_X86_DI) | BIT(PERF_REG_X86_BP) | BIT(PERF_REG_X86_SP) | \
	 BIT(PERF_REG_X86_IP) | BIT(PERF_REG_X86_CS) | BIT(PERF_REG_X86_R10) | BIT(PERF_REG_X86_R12) |                      \
	 BIT(PERF_REG_X86_R13) | BIT(PERF_REG_X86_R14) | BIT(PERF_REG_X86_R15))
#elif defined(__aarch64__)
/* x0, x19 to x30, sp, pc. */
#define REGISTERS (BIT(PERF_REG_ARM64_X0) | (BIT(PERF_REG_ARM64_MAX) - BIT(PERF_REG_ARM64_X19)))
#else
#define REGISTERS 0
#endif

enum { REGISTER_COUNT = __builtin_popcountll(REGISTERS) };

_Static_assert((int)REGISTER_COUNT <= (int)VT_CALL_REGISTERS, "room for every register");

/* The words of one record, none of them beyond its end. */
struct words {
	const uint64_t *at;
	const uint64_t *end;
};

static inline uint64_t next_word(struct words *words)
{
	return words->at < words->end ? *words->at++ : 0;
}

static inline void take_stack(struct words *words, struct vt_call_sample *sample)
{
	const uint64_t room = (uint64_t)(words->end - words->at) * 8;
	const uint64_t size = next_word(words);
	uint64_t dynamic;

	if (size == 0 || size % 8 != 0 || size > VT_CALL_STACK_MAX || size + 16 > room)
		return;
	dynamic = words->at[size / 8]; /* how much of it could be read */
	sample->stack_bytes = (uint32_t)(dynamic < size ? dynamic : size);
	memcpy(sample->stack, words->at, sample->stack_bytes);
}

/* The registers behind their ABI. False: there are none. */
static inline bool take_registers(struct words *words, struct vt_call_sample *sample)
{
	const uint64_t abi = next_word(words);

	if (abi == PERF_SAMPLE_REGS_ABI_NONE || words->end - words->at < REGISTER_COUNT)
		return false;
	sample->bits = abi == PERF_SAMPLE_REGS_ABI_64 ? 64 : 32;
	for (uint32_t i = 0; i < REGISTER_COUNT; i++)
		sample->registers[i] = next_word(words);
	return true;
}

#endif
