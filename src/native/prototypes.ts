import type { NativeFunctions } from './native-functions.ts';

/** The same functions as C declares them. Structs cross as bytes: struct-bytes.ts writes and reads them. */
export const prototypes: Readonly<Record<keyof NativeFunctions, string>> = {
  vt_abi_version: 'int32_t vt_abi_version()',
  vt_vdso_own: 'int32_t vt_vdso_own(void *out, void *symbols, uint32_t capacity)',
  vt_vdso_parse: 'int32_t vt_vdso_parse(void *image, uint64_t size, void *out, void *symbols, uint32_t capacity)',
  vt_sampler_run:
    'int32_t vt_sampler_run(void *plan, uint32_t plan_count, uint32_t first, uint64_t budget_ns, void *results, uint32_t capacity, void *out)',
  vt_clock_page_read: 'int32_t vt_clock_page_read(uint64_t address, uint64_t size, uint32_t timens_page, void *out)',
  vt_clock_readings_take: 'int32_t vt_clock_readings_take(void *out)',
  vt_cpu_identify: 'int32_t vt_cpu_identify(void *out)',
  vt_task_fd_query: 'int32_t vt_task_fd_query(uint32_t pid, uint32_t fd, void *out)',
  vt_bpf_links: 'int32_t vt_bpf_links(uint32_t after, void *out, uint32_t capacity)',
  vt_entries_open: 'int32_t vt_entries_open(void *plan, void *tracepoints, void *out)',
  vt_entries_watch: 'int32_t vt_entries_watch(void *entries, uint32_t tgid)',
  vt_entries_unwatch: 'int32_t vt_entries_unwatch(void *entries, uint32_t tgid)',
  vt_entries_read:
    'int32_t vt_entries_read(void *entries, void *counts, void *threads, uint32_t capacity, void *totals)',
  vt_entries_close: 'int32_t vt_entries_close(void *entries)',
  vt_perf_entries_open:
    'int32_t vt_perf_entries_open(void *counters, uint32_t count, uint32_t tid, uint32_t inherit, void *fds)',
  vt_perf_entries_enable: 'int32_t vt_perf_entries_enable(void *fds, uint32_t threads, uint32_t count)',
  vt_perf_entries_read: 'int32_t vt_perf_entries_read(void *fds, uint32_t threads, uint32_t count, void *totals)',
  vt_perf_entries_close: 'int32_t vt_perf_entries_close(void *fds, uint32_t fd_count)',
  vt_enter_for_clock: 'int32_t vt_enter_for_clock(uint32_t calls)',
  vt_keep_to_cpus: 'int32_t vt_keep_to_cpus(uint32_t tid, void *cpus, uint32_t bytes)',
  vt_raise_open_files: 'int32_t vt_raise_open_files(uint64_t wanted)',
  vt_cpu_sampler_open: 'int32_t vt_cpu_sampler_open(uint32_t tid, uint64_t period_ns, uint32_t with_frames, void *out)',
  vt_cpu_samplers_run:
    'int32_t vt_cpu_samplers_run(void *samplers, uint32_t count, uint32_t running, uint64_t period_ns)',
  vt_cpu_samplers_read:
    'int32_t vt_cpu_samplers_read(void *samplers, uint32_t count, void *samples, uint32_t capacity, void *lost, void *code, void *frames, uint32_t frame_capacity, void *frame_count)',
  vt_cpu_samplers_time: 'int32_t vt_cpu_samplers_time(void *samplers, uint32_t count, void *ns)',
  vt_cpu_samplers_close: 'int32_t vt_cpu_samplers_close(void *samplers, uint32_t count)',
  vt_cpu_sampler_price: 'int32_t vt_cpu_sampler_price(uint32_t with_frames, void *ns, uint32_t count)',
  vt_call_clock: 'int32_t vt_call_clock(uint64_t address, int32_t hidden_id, uint32_t calls)',
  vt_kernel_functions:
    'int32_t vt_kernel_functions(const char *path, const char *names, void *ranges, uint32_t capacity)',
  vt_call_samples_open: 'int32_t vt_call_samples_open(uint32_t tid, uint32_t ring_bytes, void *out)',
  vt_call_samples_arm:
    'int32_t vt_call_samples_arm(void *samples, void *events, uint32_t count, void *periods, void *bounds)',
  vt_call_samples_drop_used_up: 'int32_t vt_call_samples_drop_used_up(void *samples)',
  vt_call_samples_disarm: 'int32_t vt_call_samples_disarm(void *samples)',
  vt_call_samples_read:
    'int32_t vt_call_samples_read(void *samples, void *events, void *out, uint32_t capacity, void *totals)',
  vt_call_samples_release: 'int32_t vt_call_samples_release(void *samples)',
  vt_call_samples_close: 'int32_t vt_call_samples_close(void *samples)',
  vt_breakpoint_price:
    'int32_t vt_breakpoint_price(uint64_t address, uint32_t hits, uint32_t caught, void *ns_per_hit)',
};
