/*
 * The contract of libvdsotop: what each function takes, gives and answers when it cannot.
 *
 * All of them: the caller owns every buffer; nothing is printed, no process is ended, no signal handler is installed, no
 * state is kept between calls. A negative result is -errno and leaves the out structs unspecified. Integers have fixed
 * widths; addresses, sizes and nanoseconds stay below 2^53, so that JavaScript can hold them as plain numbers.
 * src/native/prototypes.ts and structs.ts mirror the prototypes and structs: change both, and raise VT_ABI_VERSION.
 */
#ifndef VDSOTOP_H
#define VDSOTOP_H

#include <stdint.h>

#define VT_ABI_VERSION 10
#define VT_EXPORT __attribute__((visibility("default")))

/* The version this library was built as; the loader refuses any other than its own. Never fails. */
VT_EXPORT int32_t vt_abi_version(void);

/* ---- vDSO image (vdso.c) ---------------------------------------------------------------------------------------- */

enum { VT_HASH_SYSV = 1, VT_HASH_GNU = 2 };

struct vt_vdso_image {
	uint64_t base;           /* address in our process; 0 from vt_vdso_parse */
	uint64_t size_bytes;     /* of the mapped image: end of the last PT_LOAD, rounded up to a page */
	uint32_t symbol_count;   /* functions written to `symbols` */
	uint32_t hash_tables;    /* VT_HASH_* bits: the tables its dynamic section names and that lie inside the image */
	uint32_t build_id_bytes; /* 0: it has no GNU build id */
	uint8_t build_id[36];
};

/* A defined function with a printable ASCII name that fits; any other symbol is left out. */
struct vt_vdso_symbol {
	uint64_t offset; /* from the start of the image */
	char name[56];   /* zero-terminated */
};

/*
 * The vDSO of the calling process. At most `capacity` symbols are written.
 * 0; -ENOENT: the kernel gave this process none (AT_SYSINFO_EHDR absent or 0); else as vt_vdso_parse.
 */
VT_EXPORT int32_t vt_vdso_own(struct vt_vdso_image *out, struct vt_vdso_symbol *symbols, uint32_t capacity);

/*
 * Any vDSO image of this byte order, 32 or 64 bits, as `size` bytes of memory from its first byte; may be hostile.
 * 0; -EINVAL: not such an ELF image; -ENOEXEC: no dynamic section with a symbol and a string table inside the image;
 * -ENOSPC: more than `capacity` functions.
 */
VT_EXPORT int32_t vt_vdso_parse(const uint8_t *image, uint64_t size, struct vt_vdso_image *out,
				struct vt_vdso_symbol *symbols, uint32_t capacity);

/* ---- Sampler (sampler.c) ---------------------------------------------------------------------------------------- */

enum {
	VT_CALL_CLOCK_GETTIME,
	VT_CALL_GETTIMEOFDAY,
	VT_CALL_TIME,
	VT_CALL_GETCPU,
	VT_CALL_NULL_SYSCALL,
	VT_CALL_COUNTER,
	VT_CALL_CLOCK_GETRES,
};
enum { VT_PATH_LIBC, VT_PATH_VDSO, VT_PATH_SYSCALL, VT_PATH_VSYSCALL, VT_PATH_RAW };

/* No call of vt_sampler_run begins what would take it beyond this. */
#define VT_SAMPLER_MAX_NS 50000000u
/* No single batch is planned beyond this. */
#define VT_SAMPLER_BATCH_MAX_NS 5000000u

/* One thing to time. VT_PATH_VSYSCALL kills the process unless its own maps show [vsyscall] executable: ask first. */
struct vt_batch {
	int32_t call;
	int32_t clock_id; /* for clock_gettime and clock_getres; ignored elsewhere */
	int32_t path;     /* null_syscall goes by VT_PATH_SYSCALL, counter by VT_PATH_RAW */
	/*
	 * Wanted in the timed loop, 4 to 65536; a quarter of it for a slow call (100 ns or more), and fewer where even
	 * that does not fit VT_SAMPLER_BATCH_MAX_NS.
	 */
	uint32_t calls;
};

struct vt_batch_result {
	uint32_t plan_index;
	/*
	 * 0, or no price and -errno: what the call itself answered (-EINVAL: no such clock), -ENOENT: the vDSO or libc lacks
	 * the function, -ENOTSUP: no such combination here, -EAGAIN: shorter than the empty loop.
	 */
	int32_t error;
	int32_t cpu;        /* that ran the whole batch */
	uint32_t calls;     /* made in the timed loop */
	/*
	 * Wall time of the loop less that of an empty loop of the same length, per call; the thread's CPU time where it lost
	 * its CPU in each of three tries.
	 */
	double per_call_ns;
};

struct vt_sampler_out {
	uint32_t next; /* index in the plan to go on from: `first` of the next call */
	uint32_t reserved;
	uint64_t spent_ns; /* CPU time of the calling thread inside this call */
	double floor_ns;   /* per turn of the empty loop that was subtracted (of 1,024 turns) */
};

/*
 * Times plan[first], plan[first + 1] … (wrapping) until `budget_ns` (at most VT_SAMPLER_MAX_NS) is spent, `capacity`
 * results are written or every entry had its turn once. Always makes the first batch, so it may go over a tiny budget.
 * Each batch is warmed up by the same call. Affinity and priority of the thread are left alone.
 * Number of results; -EINVAL: empty plan, `first` outside it, no capacity.
 */
VT_EXPORT int32_t vt_sampler_run(const struct vt_batch *plan, uint32_t plan_count, uint32_t first, uint64_t budget_ns,
				 struct vt_batch_result *results, uint32_t capacity, struct vt_sampler_out *out);

/* ---- Clock page (clock-page.c) ---------------------------------------------------------------------------------- */

/* By meaning, not by the number in the page: arm64 5.3 to 5.6 wrote 0 for "on". */
enum {
	VT_CLOCK_MODE_NONE,
	VT_CLOCK_MODE_COUNTER, /* TSC, arm64 architected counter */
	VT_CLOCK_MODE_PVCLOCK,
	VT_CLOCK_MODE_HVCLOCK,
	VT_CLOCK_MODE_UNKNOWN, /* the layout was recognised, the mode was not */
};

struct vt_clock_page {
	uint64_t read_at_ns;     /* CLOCK_MONOTONIC when `seq` was read */
	uint32_t offset;         /* of the clock data from `address` */
	int32_t clock_mode;      /* VT_CLOCK_MODE_* */
	uint32_t seq;            /* even; advances by 2 with every update, wraps */
	uint32_t has_max_cycles; /* 1: the layout with that field (x86 since 6.10) */
};

/*
 * The kernel's clock data in our own process's [vvar], which the caller found in /proc/self/maps. Touches its first page
 * only; and where that says that we live in a time namespace, the page numbered `timens_page` (0 or none of its pages:
 * unknown).
 * 0; -EINVAL: no whole page there; -ENOTSUP: the layout was not recognised.
 */
VT_EXPORT int32_t vt_clock_page_read(uint64_t address, uint64_t size, uint32_t timens_page, struct vt_clock_page *out);

/* ---- Clocks against each other (clock-readings.c) ------------------------------------------------------------------ */

struct vt_clock_readings {
	uint64_t monotonic_before_ns; /* the last of several reads in a row */
	uint64_t realtime_ns;
	uint64_t boottime_ns;
	uint64_t monotonic_after_ns;
	uint64_t back_ns; /* the greatest step back between neighbours of those reads; 0: none */
};

/* Reads the clocks one right after another. 0, or the negative errno of clock_gettime(2). */
VT_EXPORT int32_t vt_clock_readings_take(struct vt_clock_readings *out);

/* ---- CPU (cpu.c) ------------------------------------------------------------------------------------------------ */

struct vt_cpu {
	char hypervisor[16];        /* signature by CPUID from leaf 0x40000000 on, printable, zero-terminated; "" on bare metal */
	int32_t hypervisor_present; /* CPUID.1:ECX[31] */
	int32_t invariant_tsc;      /* CPUID.80000007h:EDX[8] */
};

/* What CPUID says of the machine. 0; -ENOTSUP: not an x86 CPU. */
VT_EXPORT int32_t vt_cpu_identify(struct vt_cpu *out);

/*
 * Keeps a thread of this process to the CPUs whose bits are set, from the lowest bit of the first byte up, as
 * sched_setaffinity(2) has them. 0; -EINVAL: none of them is allowed here; -ESRCH: no such thread.
 */
VT_EXPORT int32_t vt_keep_to_cpus(uint32_t tid, const uint8_t *cpus, uint32_t bytes);

/* ---- What BPF programs hang on (task-fd-query.c) ----------------------------------------------------------------- */

struct vt_task_fd {
	uint32_t kind; /* enum bpf_task_fd_type: 0 raw tracepoint, 1 tracepoint, 2 kprobe, 3 kretprobe, 4 uprobe, 5 uretprobe */
	uint32_t program_id;
	char name[64]; /* of the tracepoint or the probed function or file, zero-terminated; "" for a probe by address */
};

/*
 * What the BPF program behind descriptor `fd` of process `pid` (of our PID namespace) hangs on. 0; -ENOTSUP: no descriptor
 * of that kind; -ENOENT: a perf event without program, or no such process; -EPERM: needs CAP_SYS_ADMIN.
 */
VT_EXPORT int32_t vt_task_fd_query(uint32_t pid, uint32_t fd, struct vt_task_fd *out);

/* ---- BPF links (bpf-links.c) ------------------------------------------------------------------------------------ */

struct vt_bpf_link {
	uint32_t id;
	uint32_t type; /* enum bpf_link_type: 1 raw tracepoint, 2 tracing, 7 perf event, 8 kprobe-multi … */
	uint32_t program_id;
	uint32_t kind; /* of a perf event: enum bpf_perf_event_type, 0 before Linux 6.6; of tracing: enum bpf_attach_type */
	char name[64]; /* of the tracepoint or the probed function, zero-terminated; "" where the kernel does not tell it */
};

/*
 * The links of the host whose id is larger than `after`, by rising id: at most `capacity` of them. The number of links
 * written (fewer than `capacity`: there are no more); -EPERM: needs CAP_SYS_ADMIN; -EINVAL: Linux before 5.8.
 */
VT_EXPORT int32_t vt_bpf_links(uint32_t after, struct vt_bpf_link *out, uint32_t capacity);

#endif
