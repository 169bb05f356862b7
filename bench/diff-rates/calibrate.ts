// Prints what MONOTONIC costs by the vDSO, as a multiple of REALTIME, in the library that is given by VDSOTOP_NATIVE.
import { quantile } from '../../src/analysis/statistics.ts';
import { createSampler } from '../../src/collect/prices/sampler.ts';

const rounds = 24;
const samples = await createSampler().price({ rounds });
process.stdout.write(`${priceOf(1) / priceOf(0)}\n`);

function priceOf(clockId: number): number {
  const own = samples.filter((sample) => sample.path === 'vdso' && sample.clockId === clockId);
  return quantile(
    own.flatMap(({ perCallNs }) => perCallNs).toSorted((a, b) => a - b),
    0.5,
  );
}
