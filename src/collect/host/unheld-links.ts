import { cleanText } from '../clean-text.ts';
import type { BpfLink } from './bpf-links.ts';
import { isHarmlessLink, linkTypes } from './link-types.ts';
import { isClockHook } from './trace-events.ts';

/** BPF_LSM_MAC of enum bpf_attach_type: on a hook of the security modules, and none of them is passed by a clock read. */
const securityHook = 27;
/** BPF_PERF_EVENT_UPROBE and _URETPROBE of enum bpf_perf_event_type: in user space. */
const userProbes: ReadonlySet<number> = new Set([1, 2]);

/** As a link does that is pinned in a BPF file system; or its holder could not be looked at. */
const unheldBy = 'no process that was looked at holds';

/** What the links say that are not among those held: sentences. */
export function describeUnheldLinks(
  links: readonly BpfLink[],
  held: ReadonlySet<number>,
): { readonly watches: readonly string[]; readonly unclear: readonly string[] } {
  const unheld = links.filter((link) => !held.has(link.id) && !isElsewhere(link));
  const untold = unheld.filter(({ name }) => name === '');
  const count = untold.length === 1 ? '1 BPF link' : `${untold.length} BPF links`;
  return {
    watches: unheld
      .filter(({ name }) => isClockHook(name))
      .map(({ name, program_id }) => `BPF program ${program_id} is on ${cleanText(name, 64)}; ${unheldBy} its link`),
    unclear: untold.length === 0 ? [] : [`${unheldBy} ${count}, and the kernel does not tell on what`],
  };
}

function isElsewhere({ type, kind }: BpfLink): boolean {
  const name = linkTypes[type];
  if (name === 'tracing') return kind === securityHook;
  return name === 'perf' ? userProbes.has(kind) : isHarmlessLink(name);
}
