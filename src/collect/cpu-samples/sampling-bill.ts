import { samplesPerTurn } from './cpu-sample-pace.ts';
import type { CpuSamplePrice } from './cpu-sample-price.ts';

/** What sampling has taken from the target so far. */
export interface SamplingBill {
  nsPerSample(): number;
  chargeSamples(count: number): void;
  /** `turns`: how often sampled threads were put on a CPU, in all; what is new of them was in stretches of this period. */
  chargeTurns(turns: number, periodNs: number): void;
  spentNs(): number;
}

export function createSamplingBill(price: CpuSamplePrice): SamplingBill {
  let spentNs = 0;
  let turnsCharged = 0;
  const nsPerSample = () => {
    const reading = price.read();
    return 'value' in reading ? reading.value : 0;
  };
  const chargeSamples = (count: number) => {
    if (count > 0) spentNs += count * nsPerSample();
  };
  return {
    nsPerSample,
    chargeSamples,
    chargeTurns(turns, periodNs) {
      chargeSamples((turns - turnsCharged) * samplesPerTurn(periodNs));
      turnsCharged = turns;
    },
    spentNs: () => spentNs,
  };
}
