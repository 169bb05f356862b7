// Each line of input is answered by a round of the sampler's prices, as before it attaches: a line of JSON.
import { createInterface } from 'node:readline';
import { createSampler } from '../../src/collect/prices/sampler.ts';

const sampler = createSampler();
for await (const _ of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await sampler.price({ rounds: 1 })));
