import type { StructOf } from '../../native/structs.ts';
import { inNamespace } from './bpf-counter.ts';
import type { EntryIdentity } from './entry-identity.ts';

/** What a BPF counter of one process, or of a tree, is opened with; `flags` are VT_ENTRIES_* beside the namespace's. */
export function entriesPlan(
  { tgid, namespace }: EntryIdentity,
  cpus: number,
  flags: number,
): StructOf<'vt_entries_plan'> {
  return {
    ns_device: namespace?.device ?? 0,
    ns_inode: namespace?.inode ?? 0,
    tgid,
    flags: (namespace ? inNamespace : 0) | flags,
    cpus,
    keys: keysFor(cpus),
  };
}

/** Threads × clocks told apart on each CPU: many, but 8 MiB at most for all CPUs together. */
function keysFor(cpus: number): number {
  return cpus <= 64 ? 8_192 : cpus <= 128 ? 4_096 : cpus <= 512 ? 1_024 : 256;
}
