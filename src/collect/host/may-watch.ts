import { isHarmlessLink } from './link-types.ts';

/**
 * Whether a BPF link of which the kernel does not tell where it hangs may watch system calls, by its fdinfo file
 * (kernel/bpf/syscall.c, bpf_link_show_fdinfo). 'perf': it hangs on a perf event, which may be asked itself.
 */
export function mayWatch(fdinfo: string): 'no' | 'perf' | 'yes' {
  const type = /^link_type:\s*(\S+)/m.exec(fdinfo)?.[1];
  if (type === 'perf') return 'perf';
  return isHarmlessLink(type) ? 'no' : 'yes';
}
