import { buildProgram } from '../../test/programs/build.ts';
import { startChild } from './child.ts';

export type LoopedCall = 'libc' | 'vdso' | 'syscall' | 'getppid' | 'nothing';

export interface LoopRun {
  readonly calls: number;
  readonly wallNs: number;
  /** CPU time of the loop's thread. */
  readonly cpuNs: number;
  readonly perCallNs: number;
}

/** test/programs/timed-loop.c: a process that runs a loop of one call when it is told to. */
export interface TimedLoop {
  readonly pid: number;
  runFor(ms: number, call: LoopedCall, clockId?: number): Promise<LoopRun>;
  /** So many calls, after a quarter of them to warm up. */
  runTimes(calls: number, call: LoopedCall, clockId?: number): Promise<LoopRun>;
  end(): Promise<void>;
}

/** Starts the loop, on one CPU where it is named: two loops that a scheduler moves about differ by more than tools do. */
export async function startTimedLoop(cpu?: number): Promise<TimedLoop> {
  const child = await startChild(buildProgram('timed-loop'), cpu === undefined ? [] : [String(cpu)]);
  const ask = async (command: string): Promise<LoopRun> => {
    const [calls = 0, wallNs = 0, cpuNs = 0] = (await child.ask(command)).split(' ').map(Number);
    return { calls, wallNs, cpuNs, perCallNs: wallNs / calls };
  };
  return {
    pid: child.pid,
    runFor: (ms, call, clockId = 1) => ask(`for ${ms} ${call} ${clockId}`),
    runTimes: (calls, call, clockId = 1) => ask(`times ${calls} ${call} ${clockId}`),
    async end() {
      await child.end();
    },
  };
}
