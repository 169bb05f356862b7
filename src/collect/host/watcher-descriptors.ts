import { readdirSync, readlinkSync } from 'node:fs';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import { cleanText } from '../clean-text.ts';
import { readText } from '../read-file.ts';
import { errorText, isDenied } from '../reading.ts';
import { mayWatch } from './may-watch.ts';
import { isClockHook } from './trace-events.ts';

/** What a process's file descriptors say of it as a watcher of clock system calls. */
export interface Watcher {
  /** Sentences; empty where it watches none. */
  readonly watches: readonly string[];
  /** Sentences on descriptors that may or may not be one. */
  readonly unclear: readonly string[];
  /** Ids of the BPF links it holds. */
  readonly links: readonly number[];
  /** Who it is, where it does not show its descriptors. */
  readonly hidden: string | false;
}

const nothing: Watcher = { watches: [], unclear: [], links: [], hidden: false };
const perfEvent = 'anon_inode:[perf_event]';
/** With and without brackets: kernel/bpf/syscall.c. */
const bpfLink = /^anon_inode:\[?bpf[-_]link\]?$|^anon_inode:\[?bpf-raw-tracepoint\]?$/;
/** perf opens one event for each CPU and thread. What is past a limit may be anything, and is told as unclear. */
const usualLimits = { descriptors: 4_096, queried: 512 } as const;

/** Never throws: a process that ended meanwhile watches nothing. */
export function lookAtWatcher(
  pid: number,
  limits: { readonly descriptors: number; readonly queried: number } = usualLimits,
): Watcher {
  try {
    const fds = readdirSync(`/proc/${pid}/fd`);
    const kinds = fds.slice(0, limits.descriptors).map((fd) => ({ fd: Number(fd), link: linkOf(pid, fd) }));
    const probes = kinds.filter(({ link }) => link === perfEvent || bpfLink.test(link));
    const unseen = Math.max(0, fds.length - limits.descriptors) + Math.max(0, probes.length - limits.queried);
    return probes.length + unseen === 0 ? nothing : describe(pid, probes.slice(0, limits.queried), unseen);
  } catch (error) {
    return { ...nothing, hidden: isDenied(errorText(error)) && whoIs(pid) };
  }
}

/** '' where it was closed since; throws where it may not be seen. */
function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch (error) {
    if (isDenied(errorText(error))) throw error;
    return '';
  }
}

interface Probe {
  readonly fd: number;
  readonly link: string;
}

function describe(pid: number, probes: readonly Probe[], unseen: number): Watcher {
  const who = whoIs(pid);
  const answers = probes.map((probe) => ({ isEvent: probe.link === perfEvent, hook: hookOf(pid, probe) }));
  const hooks = answers.flatMap(({ hook }) => (typeof hook === 'object' ? [hook.name] : []));
  const countOf = (isEvent: boolean, hook: Hook) =>
    answers.filter((answer) => answer.isEvent === isEvent && answer.hook === hook).length;
  const eventsTold = answers.filter(({ isEvent, hook }) => isEvent && hook !== 'unknown').length;
  const links = countOf(false, 'unknown') + Math.max(0, countOf(false, 'perf') - eventsTold);
  return {
    watches: programsOf(who, hooks.filter(isClockHook)),
    unclear: [
      ...toldOf(
        countOf(true, 'unknown'),
        (count) => `${who} holds ${count}, and the kernel does not tell what they count`,
        'perf event',
      ),
      ...toldOf(links, (count) => `${who} holds ${count}, and the kernel does not tell on what`, 'BPF link'),
      ...toldOf(unseen, (count) => `${who} holds ${count} more than were looked at`, 'descriptor'),
    ],
    links: probes.filter(({ link }) => link !== perfEvent).flatMap(({ fd }) => linkId(pid, fd)),
    hidden: false,
  };
}

const namedHooks = 3;

/** One sentence, however many programs there are: 'vdsotop (pid 4711) has 3 BPF programs on sys_enter and sys_exit'. */
function programsOf(who: string, hooks: readonly string[]): readonly string[] {
  if (hooks.length === 0) return [];
  const names = [...new Set(hooks)];
  const named = names.slice(0, namedHooks);
  const more = names.length > namedHooks ? ` and ${names.length - namedHooks} more` : '';
  return [
    `${who} has ${hooks.length === 1 ? 'a BPF program' : `${hooks.length} BPF programs`} on ${named.join(', ')}${more}`,
  ];
}

/** Nothing where it was closed since, and before Linux 5.8, which gives links no ids. */
function linkId(pid: number, fd: number): readonly number[] {
  try {
    const id = /^link_id:\s*(\d+)/m.exec(readText(`/proc/${pid}/fdinfo/${fd}`))?.[1];
    return id === undefined ? [] : [Number(id)];
  } catch {
    return [];
  }
}

function toldOf(count: number, tell: (count: string) => string, what: string): readonly string[] {
  return count === 0 ? [] : [tell(`${count} ${what}${count === 1 ? '' : 's'}`)];
}

function whoIs(pid: number): string {
  return `${nameOf(pid)} (pid ${pid})`;
}

function nameOf(pid: number): string {
  try {
    return cleanText(readText(`/proc/${pid}/comm`), 32);
  } catch {
    return 'a process';
  }
}

/** enum bpf_task_fd_type (include/uapi/linux/bpf.h). */
const [rawTracepoint, tracepoint, kprobe, kretprobe] = [0, 1, 2, 3];

const unknownErrors = new Set(['ENOENT', 'EPERM', 'ENOSYS']);

/** 'perf': a link on a perf event, which answers for itself where the process holds it. */
type Hook = { readonly name: string } | 'other' | 'unknown' | 'perf';

/** What a BPF program behind the descriptor hangs on; 'unknown' where no program tells. */
function hookOf(pid: number, { fd, link }: Probe): Hook {
  const out = allocateStructs('vt_task_fd');
  const result = nativeLibrary().vt_task_fd_query(pid, fd, out);
  // Of links only those on raw tracepoints answer (kernel/bpf/syscall.c, bpf_task_fd_query): not fentry, not kprobe-multi.
  if (result < 0 && link !== perfEvent) return hookOfLink(pid, fd);
  // ENOENT: a perf event without program; EPERM: not ours to ask. Anything else is no hook on a system call.
  if (result < 0) return unknownErrors.has(errnoName(result)) ? 'unknown' : 'other';
  const { kind, name } = decodeStruct('vt_task_fd', out);
  if (kind === rawTracepoint || kind === tracepoint || kind === kprobe || kind === kretprobe)
    return { name: cleanText(name, 64) };
  return 'other';
}

const hooksOfLinks = { no: 'other', perf: 'perf', yes: 'unknown' } as const;

function hookOfLink(pid: number, fd: number): Hook {
  try {
    return hooksOfLinks[mayWatch(readText(`/proc/${pid}/fdinfo/${fd}`))];
  } catch (error) {
    // It was closed since.
    return errorText(error) === 'ENOENT' ? 'other' : 'unknown';
  }
}
