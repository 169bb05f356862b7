/* Waits, without any library: as a PIE it names an interpreter that has nothing to load, like some Go programs. */
void _start(void)
{
	for (;;) {
#if defined(__x86_64__)
		long nr = 34; /* pause */
		__asm__ volatile("syscall" : "+a"(nr) : : "rcx", "r11", "memory");
#elif defined(__aarch64__)
		register long nr __asm__("x8") = 73; /* ppoll */
		register long fds __asm__("x0") = 0;
		register long count __asm__("x1") = 0;
		register long timeout __asm__("x2") = 0;
		register long mask __asm__("x3") = 0;
		__asm__ volatile("svc 0" : "+r"(fds) : "r"(nr), "r"(count), "r"(timeout), "r"(mask) : "memory");
#endif
	}
}
