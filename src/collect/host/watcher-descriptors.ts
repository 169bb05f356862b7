import { readdirSync, readlinkSync } from 'node:fs';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import { nativeLibrary } from '../../native.ts';
import { cleanText } from '../clean-text.ts';
import { readText } from '../read-file.ts';
import { errorText, isDenied } from '../reading.ts';
import { isClockEvent } from './trace-events.ts';

/** What a process's file descriptors say of it as a watcher of clock system calls. */
export interface Watcher {
  /** Sentences; empty where it watches none. */
  readonly watches: readonly string[];
  /** Descriptors that may or may not be one: perf events without a BPF program. */
  readonly unclear: readonly string[];
  readonly hidden: boolean;
}

const nothing: Watcher = { watches: [], unclear: [], hidden: false };
const perfEvent = 'anon_inode:[perf_event]';
/** With and without brackets: kernel/bpf/syscall.c. */
const bpfLink = /^anon_inode:\[?bpf[-_]link\]?$|^anon_inode:\[?bpf-raw-tracepoint\]?$/;
/** perf opens one event for each CPU and thread: what the first hundreds are, the rest is. */
const maxDescriptors = 4_096;
const maxQueried = 512;

/** Never throws: a process that ended meanwhile watches nothing. */
export function lookAtWatcher(pid: number): Watcher {
  try {
    const fds = readdirSync(`/proc/${pid}/fd`).slice(0, maxDescriptors);
    const kinds = fds.map((fd) => ({ fd: Number(fd), link: linkOf(pid, fd) }));
    const probes = kinds.filter(({ link }) => link === perfEvent || bpfLink.test(link)).slice(0, maxQueried);
    return probes.length === 0 ? nothing : describe(pid, probes);
  } catch (error) {
    return { ...nothing, hidden: isDenied(errorText(error)) };
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

function describe(pid: number, probes: readonly Probe[]): Watcher {
  const who = `${nameOf(pid)} (pid ${pid})`;
  const answers = probes.map((probe) => ({ probe, hook: hookOf(pid, probe.fd) }));
  const hooks = new Set(answers.flatMap(({ hook }) => (typeof hook === 'object' ? [hook.name] : [])));
  const unclear = answers.filter(({ probe, hook }) => hook === 'unknown' && probe.link === perfEvent).length;
  return {
    watches: [...hooks].filter(isClockHook).map((hook) => `${who} has a BPF program on ${hook}`),
    unclear: unclear === 0 ? [] : [`${who} holds ${unclear} perf event${unclear === 1 ? '' : 's'}`],
    hidden: false,
  };
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

/** What a BPF program behind the descriptor hangs on; 'unknown' where no program tells. */
function hookOf(pid: number, fd: number): { readonly name: string } | 'other' | 'unknown' {
  const out = allocateStructs('vt_task_fd');
  const result = nativeLibrary().vt_task_fd_query(pid, fd, out);
  // ENOENT: a perf event without program; EPERM: not ours to ask. Anything else is no hook on a system call.
  if (result < 0) return unknownErrors.has(errnoName(result)) ? 'unknown' : 'other';
  const { kind, name } = decodeStruct('vt_task_fd', out);
  if (kind === rawTracepoint || kind === tracepoint || kind === kprobe || kind === kretprobe)
    return { name: cleanText(name, 64) };
  return 'other';
}

/** 'sys_enter' of every system call, 'sys_enter_time', or the kernel's function '__x64_sys_clock_gettime'. */
function isClockHook(hook: string): boolean {
  return isClockEvent(hook.replace(/^(__\w+_)?sys_(?!enter|exit)/, 'sys_enter_'));
}
