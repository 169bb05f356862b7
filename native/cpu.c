/* What the CPU says of itself; leaves as in Intel SDM vol. 2A "CPUID" and Documentation/virt/kvm/x86/cpuid.rst. */
#include "vdsotop.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int32_t vt_keep_to_cpus(uint32_t tid, const uint8_t *cpus, uint32_t bytes)
{
	/* The C library's wrapper takes words of its own kind; the kernel takes bytes of a little-endian host as they are. */
	return syscall(SYS_sched_setaffinity, (pid_t)tid, (size_t)bytes, cpus) < 0 ? -errno : 0;
}

int32_t vt_abi_version(void)
{
	return VT_ABI_VERSION;
}

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

#include "cpu-hypervisor.h"

#define HYPERVISOR_PRESENT (1u << 31)
#define POWER_LEAF 0x80000007u
#define INVARIANT_TSC (1u << 8)

/* Twelve bytes that any hypervisor chose ("KVMKVMKVM\0\0\0"): only printable ones go on. */
static void copy_signature(char *to, const uint32_t words[3])
{
	char raw[12];

	memcpy(raw, words, sizeof(raw));
	for (size_t i = 0; i < sizeof(raw) && raw[i] >= ' ' && raw[i] <= '~'; i++)
		to[i] = raw[i];
}

static void ask_cpu(uint32_t leaf, uint32_t words[3])
{
	uint32_t a;

	__cpuid(leaf, a, words[0], words[1], words[2]);
}

int32_t vt_cpu_identify(struct vt_cpu *out)
{
	uint32_t a, b, c, d, signature[3];

	memset(out, 0, sizeof(*out));
	if (!__get_cpuid(1, &a, &b, &c, &d))
		return -ENOTSUP;
	out->hypervisor_present = (c & HYPERVISOR_PRESENT) != 0;
	if (out->hypervisor_present) {
		find_hypervisor(ask_cpu, signature);
		copy_signature(out->hypervisor, signature);
	}
	if (__get_cpuid(POWER_LEAF, &a, &b, &c, &d))
		out->invariant_tsc = (d & INVARIANT_TSC) != 0;
	return 0;
}
#else
int32_t vt_cpu_identify(struct vt_cpu *out)
{
	memset(out, 0, sizeof(*out));
	return -ENOTSUP;
}
#endif
