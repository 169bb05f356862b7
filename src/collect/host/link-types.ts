/** Types of BPF links in the order of enum bpf_link_type, by the names that fdinfo has for them (bpf_link_type_strs). */
export const linkTypes = [
  'unspec',
  'raw_tracepoint',
  'tracing',
  'cgroup',
  'iter',
  'netns',
  'xdp',
  'perf',
  'kprobe_multi',
  'struct_ops',
  'netfilter',
  'tcx',
  'uprobe_multi',
  'netkit',
  'sockmap',
] as const;

/** Links that hang on something else than a function or tracepoint of the kernel (include/linux/bpf_types.h). */
const harmless: ReadonlySet<string> = new Set([
  'cgroup',
  'iter',
  'netfilter',
  'netkit',
  'netns',
  'sockmap',
  'struct_ops',
  'tcx',
  'uprobe_multi',
  'uretprobe_multi',
  'xdp',
]);

/** Whether a link of that type can hang on no system call. */
export function isHarmlessLink(type: string | undefined): boolean {
  return type !== undefined && harmless.has(type);
}
