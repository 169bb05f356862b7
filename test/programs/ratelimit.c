/* A library (-shared -fPIC) that reads the clock by an instruction of its own text, past libc and the vDSO. */
#include <sys/syscall.h>

long ratelimit(long clock, void *into);

__attribute__((noinline)) long ratelimit(long clock, void *into)
{
	long answer = SYS_clock_gettime;
#if defined(__x86_64__)
	__asm__ volatile("syscall" : "+a"(answer) : "D"(clock), "S"(into) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = answer, x0 __asm__("x0") = clock;
	register void *x1 __asm__("x1") = into;
	__asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1) : "memory");
	answer = x0;
#endif
	return answer;
}
