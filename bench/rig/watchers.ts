import { setTimeout as sleep } from 'node:timers/promises';
import { startTerminal } from '../../test/terminal/terminal.ts';
import { startChild } from './child.ts';
import { vdsotop } from './paths.ts';

/** A tool that is counting the clock calls of a process. */
export interface Watcher {
  /** What the tool itself says that it adds to a counted call, in nanoseconds; undefined where it says nothing. */
  readonly saysAddedNs: number | undefined;
  /** Ends it and waits until the kernel has detached it; throws where it turns out to have seen no call at all. */
  stop(): Promise<void>;
}

export type WatcherName = 'vdsotop' | 'bpftrace' | 'perf trace';

/** The commands, as a user would type them. */
export const watcherCommands: Readonly<Record<WatcherName, string>> = {
  vdsotop: 'vdsotop -p PID',
  bpftrace: `bpftrace -e '${script('PID')}'`,
  'perf trace': 'perf trace -s -e clock_gettime -p PID',
};

/** Starts a tool on a process; it counts when this returns. */
export function startWatcher(name: WatcherName, pid: number): Promise<Watcher> {
  return { vdsotop: startVdsotop, bpftrace: startBpftrace, 'perf trace': startPerfTrace }[name](pid);
}

/** Closing an event on a tracepoint waits for grace periods of RCU: it goes on after the process is gone. */
const detachMs = 700;
/** Neither peer says when it has begun. Whether it had is seen at its end. */
const bpftraceAttachMs = 700;
const perfTraceAttachMs = 900;

/** In a terminal of 120 × 40, past its first second, as in an incident. */
async function startVdsotop(pid: number): Promise<Watcher> {
  const terminal = startTerminal(vdsotop, ['-p', String(pid)]);
  await terminal.waitFor(/\bLIVE\b/);
  const said = /\+([\d.]+) ns per counted read/.exec(terminal.screen().join('\n'))?.[1];
  return {
    saysAddedNs: said === undefined ? undefined : Number(said),
    async stop() {
      terminal.send('q');
      await Promise.race([terminal.exit, sleep(5_000)]);
      await terminal.kill();
      await sleep(detachMs);
      // Of a short watch their number, else how many a second.
      demandCalls('vdsotop', terminal.primary().join('\n'), /[1-9][\d.,]* [kM]? ?kernel entries(\/s| in )/);
    },
  };
}

function script(pid: string): string {
  return `tracepoint:syscalls:sys_enter_clock_gettime /pid==${pid}/ { @[args->which_clock]=count(); }`;
}

async function startBpftrace(pid: number): Promise<Watcher> {
  const child = await startChild('bpftrace', ['-e', script(String(pid))]);
  while (!(await child.line()).startsWith('Attaching'));
  await sleep(bpftraceAttachMs);
  return {
    saysAddedNs: undefined,
    async stop() {
      const printed = await child.end('SIGINT');
      await sleep(detachMs);
      demandCalls('bpftrace', printed, /^@\[1\]: [1-9]/m);
    },
  };
}

async function startPerfTrace(pid: number): Promise<Watcher> {
  const child = await startChild('perf', ['trace', '-s', '-e', 'clock_gettime', '-p', String(pid)]);
  await sleep(perfTraceAttachMs);
  return {
    saysAddedNs: undefined,
    async stop() {
      const printed = await child.end('SIGINT');
      await sleep(detachMs);
      demandCalls('perf trace', printed, /^ {3}clock_gettime +[1-9]/m);
    },
  };
}

function demandCalls(name: string, printed: string, calls: RegExp): void {
  if (!calls.test(printed)) throw new Error(`${name} saw no call, so its cost was not measured:\n${printed}`);
}
