/*
 * Reads MONOTONIC by libc some 20,000 times a second, in a process that has a [vdso] of which its libc is not told: the
 * entry takes AT_SYSINFO_EHDR from the stack before libc looks, as a loader or a sandbox does. For x86-64, linked with
 * -static -Wl,-e,hide_vdso. It ends on SIGTERM.
 */
#include <elf.h>
#include <sys/prctl.h>
#include <signal.h>
#include <time.h>

/* The stack of exec: argc, its texts, a zero, the environment, a zero, the auxiliary vector (System V ABI of AMD64, 3.4). */
__attribute__((used)) void take_vdso_away(unsigned long *stack)
{
	unsigned long *at = stack + 1 + stack[0] + 1;

	while (*at != 0)
		at++;
	for (Elf64_auxv_t *entry = (Elf64_auxv_t *)(at + 1); entry->a_type != AT_NULL; entry++)
		if (entry->a_type == AT_SYSINFO_EHDR)
			entry->a_type = AT_IGNORE;
}

__asm__(".globl hide_vdso\n"
	"hide_vdso:\n"
	"	mov %rsp, %rbx\n"
	"	mov %rdx, %r12\n"
	"	mov %rsp, %rdi\n"
	"	call take_vdso_away\n"
	"	mov %r12, %rdx\n"
	"	mov %rbx, %rsp\n"
	"	jmp _start\n");

int main(void)
{
	const struct timespec pause_between = { .tv_sec = 0, .tv_nsec = 5000000 };
	struct timespec now;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		for (int i = 0; i < 100; i++)
			clock_gettime(CLOCK_MONOTONIC, &now);
		nanosleep(&pause_between, NULL);
	}
}
