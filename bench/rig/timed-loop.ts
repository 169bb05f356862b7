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

export interface TimedLoopPlace {
  /** Two loops that a scheduler moves about differ by more than tools do. */
  readonly cpu?: number;
  /**
   * Code that lies beside libc and the vDSO, as a library's does. From where programs lie, call and return take three cycles
   * more on some CPUs (AMD EPYC: coarse clocks 3.5 ns here, 4.6 from there; 21.9 ns are 21.9 from either).
   */
  readonly asLibrary?: boolean;
}

export async function startTimedLoop({ cpu, asLibrary = false }: TimedLoopPlace = {}): Promise<TimedLoop> {
  const cpus = cpu === undefined ? [] : [String(cpu)];
  const child = await (asLibrary
    ? startChild(buildProgram('run-shared'), [buildProgram('timed-loop', ['-shared', '-fPIC']), ...cpus])
    : startChild(buildProgram('timed-loop'), cpus));
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
