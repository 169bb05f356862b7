import type { Reading } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { nativeLibrary } from '../../native.ts';
import { deniedCall } from '../entries/entry-privileges.ts';
import { available, isDenied, unavailable } from '../reading.ts';

/** What one CPU sample takes from a thread, nanoseconds, measured on a thread of our own. */
export interface CpuSamplePrice {
  /** Measures it where that was not done before, and from then on now and then. */
  first(): Promise<Reading<number>>;
  read(): Reading<number>;
  close(): void;
}

/** One takes 3.7 ms of a thread that does nothing else meanwhile. */
const firstSamples = 12;
const samplesAgain = 3;
/**
 * After so many milliseconds each, then at the last of these again and again: on a guest of a busy host a sample takes 17 µs
 * for a second or two and 45 in the next.
 */
const lookAgainMs = [1_000, 2_000, 4_000, 8_000, 16_000, 60_000] as const;
const newestSamples = 60;
/** Fewer tell nothing. */
const leastSamples = 4;
/** In a virtual machine; on bare metal it is a hundredth. */
const dearNs = 50_000;

/** `withFrames`: of samples that come with registers and stack. */
export function createCpuSamplePrice(pid: number, withFrames: boolean): CpuSamplePrice {
  let pauses: readonly number[] = [];
  let price: Reading<number> = unavailable('absent', 'a CPU sample is not priced yet');
  let timer: NodeJS.Timeout | undefined;
  let began: Promise<void> | undefined;
  let closed = false;

  const look = async (samples: number) => {
    const ns = new Float64Array(samples);
    const found = await nativeLibrary().async.vt_cpu_sampler_price(withFrames ? 1 : 0, ns, samples);
    if (found < 0) {
      if (pauses.length === 0) price = refusal(errnoName(found), pid);
      return;
    }
    pauses = [...pauses, ...ns.subarray(0, found)].slice(-newestSamples);
    price =
      pauses.length < leastSamples
        ? available(dearNs, 'lost in the noise: taken for the dearest that was seen')
        : available(usualMean(pauses), 'pauses of a thread of our own that was sampled');
  };
  const lookLater = (turn: number) => {
    const ms = lookAgainMs[Math.min(turn, lookAgainMs.length - 1)];
    if (closed || !('value' in price)) return;
    timer = setTimeout(() => void look(samplesAgain).then(() => lookLater(turn + 1)), ms).unref();
  };

  return {
    async first() {
      began ??= look(firstSamples).then(() => lookLater(0));
      await began;
      return price;
    },
    read: () => price,
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

/** Of all but the longest tenth, which something else is in. */
function usualMean(values: readonly number[]): number {
  const usual = values.toSorted((a, b) => a - b).slice(0, values.length - Math.floor(values.length / 10));
  return usual.reduce((sum, value) => sum + value, 0) / usual.length;
}

function refusal(code: string, pid: number): Reading<number> {
  if (isDenied(code)) return deniedCall('sampling CPU time', code, ['PERFMON'], pid);
  return unavailable(code === 'ENOSYS' ? 'unsupported' : 'failed', `perf_event_open of cpu-clock answered ${code}`);
}
