/*
 * Samples registers and stack of a process's main thread on x86-64: arguments are the pid, 'tracepoint' ID or
 * 'breakpoint' ADDRESS (hexadecimal), and how many samples. A line each: ip sp bp bx si di r10 r12 r13 r14 r15, hexadecimal, and
 * 1,024 bytes of stack as hexadecimal digits (fewer where the stack ends).
 */
#include <asm/perf_regs.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGES = 1024, STACK_BYTES = 1024 };

/* In the order of their numbers, which is the order in a sample. */
static const unsigned wanted[] = {
	PERF_REG_X86_BX, PERF_REG_X86_SI, PERF_REG_X86_DI, PERF_REG_X86_BP, PERF_REG_X86_SP, PERF_REG_X86_IP,
	PERF_REG_X86_R10, PERF_REG_X86_R12, PERF_REG_X86_R13, PERF_REG_X86_R14, PERF_REG_X86_R15,
};
enum { REGISTERS = sizeof(wanted) / sizeof(wanted[0]) };
static const unsigned printed[] = { 5, 4, 3, 0, 1, 2, 6, 7, 8, 9, 10 };

static void print_sample(const uint8_t *record)
{
	uint64_t registers[REGISTERS], size, taken;
	const uint8_t *at = record + sizeof(struct perf_event_header) + sizeof(uint64_t);

	memcpy(registers, at, sizeof(registers));
	at += sizeof(registers);
	memcpy(&size, at, sizeof(size));
	at += sizeof(size);
	memcpy(&taken, at + size, sizeof(taken));
	for (unsigned i = 0; i < REGISTERS; i++)
		printf("%lx ", (unsigned long)registers[printed[i]]);
	for (uint64_t i = 0; i < taken; i++)
		printf("%02x", at[i]);
	printf("\n");
}

int main(int argc, char **argv)
{
	static uint8_t record[1 << 16];
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.sample_type = PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.sample_period = 1,
		.sample_stack_user = STACK_BYTES,
		.exclude_callchain_user = 1,
	};
	struct perf_event_mmap_page *page;
	uint8_t *data;
	int left, fd;

	if (argc < 5)
		return 2;
	left = atoi(argv[4]);
	for (unsigned i = 0; i < REGISTERS; i++)
		attr.sample_regs_user |= 1ull << wanted[i];
	if (strcmp(argv[2], "tracepoint") == 0) {
		attr.type = PERF_TYPE_TRACEPOINT;
		attr.config = strtoull(argv[3], NULL, 10);
	} else {
		attr.type = PERF_TYPE_BREAKPOINT;
		attr.bp_type = HW_BREAKPOINT_X;
		attr.bp_addr = strtoull(argv[3], NULL, 16);
		attr.bp_len = sizeof(long);
		attr.exclude_kernel = 1;
	}
	fd = (int)syscall(SYS_perf_event_open, &attr, atoi(argv[1]), -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return 3;
	page = mmap(NULL, (PAGES + 1) * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return 4;
	data = (uint8_t *)page + 4096;
	while (left > 0) {
		const uint64_t head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);

		while (page->data_tail < head && left > 0) {
			struct perf_event_header header;

			for (unsigned i = 0; i < sizeof(header); i++)
				((uint8_t *)&header)[i] = data[(page->data_tail + i) % (PAGES * 4096)];
			for (unsigned i = 0; i < header.size; i++)
				record[i] = data[(page->data_tail + i) % (PAGES * 4096)];
			/* The first word after the header is the ABI: 0 where there were no user registers. */
			if (header.type == PERF_RECORD_SAMPLE && record[sizeof(header)] != 0) {
				print_sample(record);
				left--;
			}
			__atomic_store_n(&page->data_tail, page->data_tail + header.size, __ATOMIC_RELEASE);
		}
		usleep(1000);
	}
	return 0;
}
