import { release } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Reading } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStructs } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { nativeLibrary } from '../../native.ts';
import { available, unavailable } from '../reading.ts';

export type BpfLink = StructOf<'vt_bpf_link'>;

/** Asked for at once: each takes a few system calls. */
const linksAtOnce = 64;
/** A host with more than this is not looked at to an end. */
const mostLinks = 16_384;

/** All BPF links of the host, held by a process or pinned. */
export async function readBpfLinks(): Promise<Reading<readonly BpfLink[]>> {
  const links: BpfLink[] = [];
  const bytes = allocateStructs('vt_bpf_link', linksAtOnce);
  while (links.length < mostLinks) {
    const count = nativeLibrary().vt_bpf_links(links.at(-1)?.id ?? 0, bytes, linksAtOnce);
    if (count < 0) return whyNot(errnoName(count));
    links.push(...decodeStructs('vt_bpf_link', bytes, count));
    if (count < linksAtOnce) return available(links, 'BPF links by id');
    await setImmediate();
  }
  return unavailable('unsupported', `there are more than ${mostLinks} BPF links`);
}

function whyNot(code: string): Reading<readonly BpfLink[]> {
  const pinned = 'BPF links that are pinned, and held by no process, cannot be listed';
  if (code === 'EPERM') return unavailable('denied', `${pinned}: EPERM, it takes CAP_SYS_ADMIN`, 'sudo vdsotop');
  if (code === 'ENOSYS') return available([], 'this kernel has no bpf(2)');
  if (code !== 'EINVAL') return unavailable('failed', `${pinned}: ${code}`);
  // Links came with Linux 5.7, and their ids with 5.8 (kernel/bpf/syscall.c).
  return /^5\.7\b/.test(release())
    ? unavailable('unsupported', `${pinned} before Linux 5.8`)
    : available([], 'this kernel has no BPF links');
}
