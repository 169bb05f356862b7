/* Which hypervisor a guest runs on, where it offers the interface of another one too. */
#include "cpu-hypervisor.h"

#include <string.h>

/* Where interfaces may lie: arch/x86/include/asm/cpuid, for_each_possible_cpuid_base_hypervisor. */
enum { LAST_LEAF = 0x4000ff00, LEAF_STEP = 0x100 };

static int is_signed(const uint32_t words[3], const char *signature)
{
	return memcmp(words, signature, 3 * sizeof(*words)) == 0;
}

/*
 * KVM and Xen put Hyper-V's interface first where a guest was given it (QEMU's hv_*, Xen's viridian), and their own behind.
 * Each leaf is an exit to the hypervisor: of one that signs by another name no more are asked.
 */
void find_hypervisor(ask_signature *ask, uint32_t words[3])
{
	uint32_t leaf, behind[3];

	ask(HYPERVISOR_LEAF, words);
	if (!is_signed(words, "Microsoft Hv"))
		return;
	for (leaf = HYPERVISOR_LEAF + LEAF_STEP; leaf <= LAST_LEAF; leaf += LEAF_STEP) {
		ask(leaf, behind);
		if (!is_signed(behind, "KVMKVMKVM\0\0") && !is_signed(behind, "XenVMMXenVMM"))
			continue;
		memcpy(words, behind, sizeof(behind));
		return;
	}
}
