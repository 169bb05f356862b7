import { constants } from 'node:os';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { priceBreakpoint } from '../../../src/collect/calls/breakpoint-price.ts';
import { breakpointRefusal } from '../../../src/collect/calls/breakpoint-refusal.ts';
import { createCallSamples } from '../../../src/collect/calls/call-samples.ts';
import { readOwnVdso } from '../../../src/collect/host/own-vdso.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { buildProgram } from '../../programs/build.ts';
import { start, until, value } from '../processes.ts';
import { limitDescriptors } from './limit-descriptors.ts';
import { skipWithoutBreakpoints } from './skip-without-breakpoints.ts';

describe('a breakpoint that cannot be set', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR', 'ENOSPC', 'EBUSY'] as const)('may be later: %s', (code) => {
    expect(breakpointRefusal(-constants.errno[code], 1)).toMatchObject({
      unavailable: 'failed',
    });
  });

  it.each(['EINVAL', 'EOVERFLOW', 'ENODEV'] as const)('cannot be later either: %s', (code) => {
    expect(breakpointRefusal(-constants.errno[code], 1)).toMatchObject({
      unavailable: 'unsupported',
      detail: `an execution breakpoint on the vDSO answered ${code}`,
    });
  });

  describe('for want of descriptors', () => {
    beforeEach(skipWithoutBreakpoints);

    it('is set when there are some again', async () => {
      const program = await start(buildProgram('workload'), ['--rate', '2000']);
      const { vdso, bits } = collectTarget(program.pid);
      const { base, symbols } = value(vdso).image;
      const samples = createCallSamples({
        ...{ pid: program.pid, bits: value(bits), vdso: { base, symbols }, threads: () => [program.pid] },
        ...{ budget: 0.0015, hitPrice: priceBreakpoint(readOwnVdso()) },
      });
      onTestFinished(samples.close);
      const limit = await limitDescriptors();
      samples.start();
      await until(() => failureOf(samples).includes('EMFILE')).finally(limit.more);
      await until(() => 'value' in samples.read());
      await program.end();
    });
  });
});

function failureOf(samples: ReturnType<typeof createCallSamples>): string {
  const reading = samples.read();
  return 'unavailable' in reading ? reading.detail : '';
}
