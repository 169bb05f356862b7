import type { CpuSamples } from '../../model/cpu-samples.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import type { RawCallSample } from '../calls/raw-call-sample.ts';
import { available, unavailable } from '../reading.ts';
import type { CpuSamplesTarget, SampledProcesses } from './cpu-samples-target.ts';
import { findKernelClockFunctions } from './kernel-clock-functions.ts';
import { createPacedSamplers } from './paced-samplers.ts';
import { createSampledCode } from './sampled-code.ts';
import { createSampledCodes } from './sampled-codes.ts';
import { createSamplingBill } from './sampling-bill.ts';
import { createSamplingRhythm } from './sampling-rhythm.ts';

/** Samples where the target's busiest threads spend their CPU time. Close it when the target calls exec. */
export interface CpuSampling {
  start(): void;
  read(): Reading<CpuSamples>;
  /** Calls that were interrupted in the vDSO since last asked; empty where they are not wanted. */
  takeCalls(): readonly RawCallSample[];
  /** What sampling has taken from the target so far, priced: its samples, and the switches of sampled threads. */
  spentNs(): number;
  close(): void;
}

export function createCpuSamples(target: CpuSamplesTarget): CpuSampling {
  const processes = target.processes ?? oneProcess(target);
  const codes = createSampledCodes(processes.codeOf);
  const bill = createSamplingBill(target.price);
  const samplers = createPacedSamplers(target, processes, codes, bill);
  const rhythm = createSamplingRhythm(samplers);
  let started = false;
  let closed = false;
  let failure: Unavailable | undefined;

  const begin = async () => {
    const price = await target.price.first();
    if (closed || !('value' in price)) return;
    const found = await findKernelClockFunctions();
    await codes.learn(target.threads());
    if (closed) return;
    if (typeof found === 'function') samplers.tellKernelClock(found);
    rhythm.start();
  };

  return {
    start() {
      if (started || target.budget <= 0) return;
      started = true;
      void begin().catch((error: unknown) => {
        failure = unavailable('failed', `sampling CPU time: ${error instanceof Error ? error.message : error}`);
      });
    },
    read() {
      if (target.budget <= 0) return unavailable('absent', 'CPU time is not sampled: its budget is 0');
      const price = target.price.read();
      if (!('value' in price) && price.unavailable !== 'absent') return price;
      if (!closed) {
        samplers.drain();
        samplers.account();
      }
      const counts = samplers.counts();
      if ('unavailable' in counts) return failure ?? counts;
      return available(counts, "cpu-clock samples of the target's threads");
    },
    takeCalls: codes.takeCalls,
    spentNs() {
      samplers.chargeTurns();
      return bill.spentNs();
    },
    close() {
      if (closed) return;
      samplers.drain();
      closed = true;
      rhythm.stop();
      samplers.close();
    },
  };
}

/** The target is one process, and its sampling is closed when it calls exec. */
function oneProcess({ pid, vdso, calls }: CpuSamplesTarget): SampledProcesses {
  const code = vdso && createSampledCode(vdso, calls?.image);
  return { processOf: () => pid, codeOf: () => code, stillRuns: () => true };
}
