import { buildProgram } from '../../test/programs/build.ts';
import { startChild } from './child.ts';

export interface TwinnedRun {
  /** Of clock_gettime, without its twin; so are the times. */
  readonly calls: number;
  readonly wallNs: number;
  /** CPU time of the loop's thread. */
  readonly cpuNs: number;
  readonly perCallNs: number;
  /** A call of the twin, in the middle half of its batches; undefined on architectures for which there is none. */
  readonly twinNs: number | undefined;
}

/** test/programs/twinned-loop.c: a loop of clock_gettime through libc on one CPU, beside a twin that nothing watches. */
export interface TwinnedLoop {
  readonly pid: number;
  runFor(ms: number): Promise<TwinnedRun>;
  end(): Promise<void>;
}

export async function startTwinnedLoop(cpu: number): Promise<TwinnedLoop> {
  const child = await startChild(buildProgram('twinned-loop'), [String(cpu)]);
  return {
    pid: child.pid,
    async runFor(ms) {
      const [calls = 0, wallNs = 0, cpuNs = 0, twinNs = 0] = (await child.ask(String(ms))).split(' ').map(Number);
      return { calls, wallNs, cpuNs, perCallNs: wallNs / calls, twinNs: twinNs === 0 ? undefined : twinNs };
    },
    async end() {
      await child.end();
    },
  };
}
