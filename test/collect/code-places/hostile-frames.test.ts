import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RawCallSample } from '../../../src/collect/calls/raw-call-sample.ts';
import { type CodePlaces, createCodePlaces } from '../../../src/collect/code-places/code-places.ts';
import { followCallers } from '../../../src/collect/code-places/follow-callers.ts';
import { sampledFrame } from '../../../src/collect/code-places/sampled-frame.ts';
import { unwindMachine } from '../../../src/elf/unwind-machine.ts';
import { fuzz, fuzzTimeoutMs } from '../../fuzz/fuzz.ts';
import { mutate } from '../../fuzz/mutate.ts';
import { buildProgram } from '../../programs/build.ts';
import { type Started, start } from '../processes.ts';
import { sampleKernel } from './sampling.ts';

/** Stacks and registers that were caught from a real program, and whatever a program may have in their place. */
let target: Started;
let places: CodePlaces;
let samples: readonly RawCallSample[] = [];

beforeAll(async () => {
  target = await start(buildProgram('call-chain'), ['2', '200']);
  await target.line();
  places = createCodePlaces(target.pid, 64, 0);
  samples = sampleKernel(target.pid, 'clock_gettime', 20);
});
afterAll(async () => {
  places?.forget();
  await target?.end();
});

const machine = unwindMachine('x64', 64);

function callersOf(sample: RawCallSample) {
  if (machine === undefined) throw new Error('x86-64 is known');
  const frame = sampledFrame(sample, machine);
  if (frame === undefined) return { callers: [], foundBy: 'none' };
  const programCounter = Number(sample.registers.ip ?? 0n);
  return followCallers(places, machine, { ...frame, programCounter, atEntry: false });
}

/** Words of 64 bits that are addresses, nearly so, or the ends of what there is. */
const oddWords = [0n, 1n, 2n ** 47n - 8n, 2n ** 47n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n, 0xffff_ffff_ff60_0000n];

it('are followed as they were caught', () => {
  expect(samples).toHaveLength(20);
  for (const sample of samples) expect(callersOf(sample)).toMatchObject({ foundBy: 'unwinding' });
});

it(
  'lead to no more than eight callers, each behind a call, and to an end',
  async () => {
    await fuzz(
      60,
      400,
      (below): RawCallSample => {
        const sample = samples[below(samples.length)] as RawCallSample;
        const stack = mutate(sample.stack, below);
        const words = [...oddWords, ...samples.map(({ registers }) => registers.ip ?? 0n), sample.stackAddress];
        for (let left = below(6); left > 0 && stack.length >= 8; left -= 1)
          stack.writeBigUInt64LE(words[below(words.length)] ?? 0n, 8 * below(Math.floor(stack.length / 8)));
        const registers = { ...sample.registers };
        for (let left = below(3); left > 0; left -= 1) {
          const names = Object.keys(registers);
          registers[names[below(names.length)] ?? 'bp'] = words[below(words.length)] ?? 0n;
        }
        return { ...sample, stack, registers, stackAddress: registers.sp ?? 0n };
      },
      (sample) => {
        const { callers, foundBy } = callersOf(sample);
        expect(callers.length).toBeLessThanOrEqual(8);
        for (const { kind } of callers) expect(kind).not.toBe('unknown');
        expect(foundBy === 'none').toBe(callers.length === 0);
      },
    );
  },
  fuzzTimeoutMs,
);
