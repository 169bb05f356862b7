/* What a counter is made of in the kernel: each function answers a descriptor (CLOEXEC), or -errno. */
#ifndef VDSOTOP_BPF_OBJECTS_H
#define VDSOTOP_BPF_OBJECTS_H

#include "bpf-assembler.h"
#include "bpf-call.h"

/* A map with 32-bit keys. */
int32_t create_map_raising_limit(uint32_t type, uint32_t value_bytes, uint32_t entries, uint32_t flags);

int32_t load_program(const struct code *c);

int32_t open_event(uint32_t tracepoint_id);

#endif
