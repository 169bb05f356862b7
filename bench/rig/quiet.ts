import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What else goes on on this machine and would be measured too. */
export interface Disturbance {
  /** 'perf (4711)': processes that hold a performance event or a BPF program, which may slow every system call. */
  readonly tracers: readonly string[];
  /** Cores that are busy, over one second. */
  readonly busyCores: number;
}

const quietCores = 0.1;

/** Waits until no tracer is attached and next to nothing runs, for so long at most; answers what is still there. */
export async function waitForQuiet(mostMs: number): Promise<Disturbance> {
  for (const deadline = performance.now() + mostMs; ; ) {
    const now = { tracers: tracers(), busyCores: await busyCores() };
    if ((now.tracers.length === 0 && now.busyCores <= quietCores) || performance.now() > deadline) return now;
  }
}

async function busyCores(): Promise<number> {
  const before = busyMs();
  const startedMs = performance.now();
  await sleep(1_000);
  return (busyMs() - before) / (performance.now() - startedMs);
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

function tracers(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && holdsTracer(name))
    .map((pid) => `${nameOf(pid)} (${pid})`);
}

/** fs/anon_inodes.c: such descriptors are links to 'anon_inode:' and what they are. */
function holdsTracer(pid: string): boolean {
  try {
    const directory = `/proc/${pid}/fd`;
    return readdirSync(directory).some((fd) =>
      /^anon_inode:(\[perf_event\]|bpf-prog|bpf_link)$/.test(readlinkSync(`${directory}/${fd}`)),
    );
  } catch {
    // It ended meanwhile, or may not be looked at.
    return false;
  }
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'ended';
  }
}
