#ifndef VDSOTOP_CPU_HYPERVISOR_H
#define VDSOTOP_CPU_HYPERVISOR_H

#include <stdint.h>

enum { HYPERVISOR_LEAF = 0x40000000 };

/* Answers a leaf of CPUID by ebx, ecx and edx. */
typedef void ask_signature(uint32_t leaf, uint32_t words[3]);

/* The signature of the hypervisor itself: words as CPUID gives them. */
void find_hypervisor(ask_signature *ask, uint32_t words[3]);

#endif
