/*
 * patched-vdso inline|away|refuse: overwrites __vdso_clock_gettime of its own [vdso] as record-and-replay tools do, then
 * reads MONOTONIC by libc some 20,000 times a second. `inline`: the system call is made in [vdso]; `away`: in a page of
 * its own, to which [vdso] jumps; `refuse`: it answers ENOSYS, whereupon musl makes the system call itself. For x86-64.
 */
#include <elf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

/* mov $228 (clock_gettime), %eax; syscall; ret */
static const unsigned char make_call[] = { 0xb8, 228, 0, 0, 0, 0x0f, 0x05, 0xc3 };
/* mov $-ENOSYS, %eax; ret */
static const unsigned char refuse[] = { 0xb8, 0xda, 0xff, 0xff, 0xff, 0xc3 };

/* By its section headers, which the kernel maps with it: they say how many symbols there are. */
static unsigned char *function_of(unsigned char *vdso, const char *name)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)vdso;
	const Elf64_Shdr *sections = (const Elf64_Shdr *)(vdso + header->e_shoff);

	for (int i = 0; i < header->e_shnum; i++) {
		if (sections[i].sh_type != SHT_DYNSYM)
			continue;
		const Elf64_Sym *symbols = (const Elf64_Sym *)(vdso + sections[i].sh_offset);
		const char *names = (const char *)vdso + sections[sections[i].sh_link].sh_offset;
		for (size_t s = 0; s < sections[i].sh_size / sizeof(*symbols); s++)
			if (strcmp(names + symbols[s].st_name, name) == 0)
				return vdso + symbols[s].st_value;
	}
	return NULL;
}

/* The kernel lets no part of [vdso] be protected otherwise than the rest; its section headers stand last. */
static size_t size_of(const unsigned char *vdso)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)vdso;

	return (header->e_shoff + header->e_shnum * header->e_shentsize + 4095) & ~4095ul;
}

static int patch(const char *how)
{
	unsigned char *vdso = (unsigned char *)getauxval(AT_SYSINFO_EHDR);
	unsigned char *entry = vdso == NULL ? NULL : function_of(vdso, "__vdso_clock_gettime");
	unsigned char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (entry == NULL || page == MAP_FAILED || mprotect(vdso, size_of(vdso), PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
		return -1;
	memcpy(page, make_call, sizeof(make_call));
	if (mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0)
		return -1;
	if (strcmp(how, "inline") == 0) {
		memcpy(entry, make_call, sizeof(make_call));
	} else if (strcmp(how, "refuse") == 0) {
		memcpy(entry, refuse, sizeof(refuse));
	} else {
		/* movabs $page, %rax; jmp *%rax */
		memcpy(entry, (const unsigned char[]){ 0x48, 0xb8 }, 2);
		memcpy(entry + 2, &page, sizeof(page));
		memcpy(entry + 10, (const unsigned char[]){ 0xff, 0xe0 }, 2);
	}
	return mprotect(vdso, size_of(vdso), PROT_READ | PROT_EXEC);
}

int main(int argc, char **argv)
{
	const struct timespec pause_between = { .tv_sec = 0, .tv_nsec = 5000000 };
	struct timespec now;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (patch(argc > 1 ? argv[1] : "away") != 0) {
		perror("cannot patch [vdso]");
		return 1;
	}
	for (;;) {
		for (int i = 0; i < 100; i++)
			clock_gettime(CLOCK_MONOTONIC, &now);
		nanosleep(&pause_between, NULL);
	}
}
