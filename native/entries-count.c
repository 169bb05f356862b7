/* One more, or one less, of a thread and a tag: a hash table by open addressing, probed without wrapping. */
#include "entries-code.h"

#include <stddef.h>

#define GOLDEN 0x9E3779B1u /* 2^32 / golden ratio: spreads consecutive thread ids evenly */

/* R5: address of the first entry to probe, less offsetof(struct region, table), in the region R0. */
static void hash(struct code *c, uint32_t keys)
{
	MOV32(c, R5, R8);
	OP32_I(c, BPF_LSH, R5, 22); /* apart from the thread ids, which stay below 2^22 (PID_MAX_LIMIT) */
	OP32(c, BPF_ADD, R5, R7);
	OP32_I(c, BPF_MUL, R5, (int32_t)GOLDEN);
	OP32_I(c, BPF_RSH, R5, __builtin_clz(keys) + 1);
	OP_I(c, BPF_MUL, R5, sizeof(struct key_count));
	OP(c, BPF_ADD, R5, R0);
}

void count_key(struct code *c, struct exits *out, uint32_t keys, int32_t by)
{
	const int32_t table = offsetof(struct region, table);
	uint32_t hit[PROBES], free_entry[PROBES];

	MOV(c, R4, R7);
	OP_I(c, BPF_LSH, R4, 32);
	OP(c, BPF_OR, R4, R8);
	hash(c, keys);
	for (int i = 0; i < PROBES; i++) {
		LOAD(c, BPF_DW, R3, R5, table);
		hit[i] = JUMP_IF(c, BPF_JEQ, R3, R4);
		free_entry[i] = JUMP_IF_I(c, BPF_JEQ, R3, 0);
		if (i < PROBES - 1)
			OP_I(c, BPF_ADD, R5, sizeof(struct key_count));
	}
	OP_I(c, BPF_MUL, R8, sizeof(uint64_t));
	OP(c, BPF_ADD, R0, R8);
	add(c, R0, offsetof(struct region, overflow), by);
	leave(out, JUMP(c));
	land_all(c, free_entry, PROBES);
	STORE(c, BPF_DW, R5, table, R4);
	land_all(c, hit, PROBES);
	add(c, R5, table + (int32_t)offsetof(struct key_count, count), by);
}
