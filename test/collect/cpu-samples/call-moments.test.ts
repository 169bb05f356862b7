import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { RawCallSample } from '../../../src/collect/calls/raw-call-sample.ts';
import { createCallSiteResolver } from '../../../src/collect/code-places/call-site-resolver.ts';
import { createCpuSamplePrice } from '../../../src/collect/cpu-samples/cpu-sample-price.ts';
import { type CpuSampling, createCpuSamples } from '../../../src/collect/cpu-samples/cpu-samples.ts';
import { learnClockIdPlaces } from '../../../src/collect/cpu-samples/learn-clock-id-places.ts';
import { readOwnVdso } from '../../../src/collect/host/own-vdso.ts';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { readMappings } from '../../../src/collect/process/read-mappings.ts';
import { buildProgram } from '../../programs/build.ts';
import { type Started, start, value } from '../processes.ts';

const notToldApart = 36;
const opened: { close(): void }[] = [];
const programs: Started[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) one.close();
  for (const program of programs.splice(0)) await program.end();
});

async function run(name: string, args: readonly string[], flags: readonly string[] = []): Promise<number> {
  const program = await start(buildProgram(name, flags), args);
  programs.push(program);
  return program.pid;
}

function sample(pid: number, image = readOwnVdso()): CpuSampling {
  const mapping = value(readMappings(`/proc/${pid}`)).find((one) => one.name === '[vdso]');
  const { symbols } = value(readOwnVdso());
  const vdso = mapping && { start: mapping.start, end: mapping.end, symbols };
  const price = createCpuSamplePrice(pid, true);
  const sampling = createCpuSamples({
    pid,
    threads: () => listThreads(pid),
    vdso,
    budget: 0.05,
    price,
    calls: { image },
  });
  opened.push(sampling);
  sampling.start();
  return sampling;
}

/** At least so many interrupted calls. */
async function callsOf(pid: number, count: number, image = readOwnVdso()): Promise<readonly RawCallSample[]> {
  const sampling = sample(pid, image);
  const calls: RawCallSample[] = [];
  for (let waited = 0; waited < 200 && calls.length < count; waited += 1) {
    await sleep(100);
    sampling.read();
    calls.push(...sampling.takeCalls());
  }
  return calls;
}

describe('calls that CPU samples interrupt in the vDSO', { timeout: 60_000 }, () => {
  it('are told by their clock, by where the code of our own vDSO was seen to hold it', async () => {
    const places = value(await learnClockIdPlaces(readOwnVdso()));
    expect(places.size).toBeGreaterThan(3);
  });

  it.each([0, 1, 4, 7, 11])('are of clock %d, or not told', async (clock) => {
    const calls = await callsOf(await run('workload', ['--clock', String(clock), '--rate', 'hot']), 60);
    const slots = Map.groupBy(calls, ({ slot }) => slot);
    expect([...slots.keys()].filter((slot) => slot !== notToldApart)).toEqual([clock]);
    expect(slots.get(clock)?.length).toBeGreaterThan(calls.length / 2);
    expect(new Set(calls.map(({ fn, side, midway }) => `${fn} ${side} ${midway}`))).toEqual(
      new Set(['clock_gettime vdso true']),
    );
  });

  it.each([5, 6])('are never of another clock than the coarse one %d', async (clock) => {
    const calls = await callsOf(await run('workload', ['--clock', String(clock), '--rate', 'hot']), 20);
    expect(calls.filter(({ slot }) => slot !== clock && slot !== notToldApart)).toEqual([]);
  });

  it.each(['gettimeofday', 'time'])('are of %s()', async (fn) => {
    const calls = await callsOf(await run('workload', ['--function', fn, '--clock', '0', '--rate', 'hot']), 20);
    expect(new Set(calls.map((call) => `${call.fn} ${call.slot}`))).toEqual(new Set([`${fn} 0`]));
  });

  it('have the caller that reads that clock, for each of three without frame pointers', async () => {
    const reads = ['often:7:libc:5', 'sometimes:1:libc:3', 'seldom:11:libc:2'];
    const pid = await run('mixed-reads', ['--rate', 'hot', ...reads], ['-fomit-frame-pointer']);
    const calls = await callsOf(pid, 300);
    const resolver = createCallSiteResolver(pid);
    opened.push(resolver);
    const pairs = calls
      .filter(({ slot }) => slot !== notToldApart)
      .map((call) => ({ call, site: resolver.resolve(call) }));
    const named = pairs.flatMap(({ call, site }) => {
      const own = site.callers.find(({ kind }) => kind === 'executable')?.symbol;
      return own === undefined ? [] : [`${call.slot} ${own}`];
    });
    expect(new Set(named)).toEqual(new Set(['7 often_libc', '1 sometimes_libc', '11 seldom_libc']));
    expect(named.length).toBeGreaterThan(pairs.length * 0.95);
    expect(new Set(pairs.map(({ site }) => `${site.place.symbol}+${site.place.offset}`))).toEqual(
      new Set(['__vdso_clock_gettime+0']),
    );
    const share = (name: string) => named.filter((one) => one.endsWith(name)).length / named.length;
    expect(Math.abs(share('often_libc') - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(share('sometimes_libc') - 0.3)).toBeLessThan(0.1);
  });

  it('have no clock where the target is not known to have our image', async () => {
    const other = { unavailable: 'unsupported', detail: 'another image' } as const;
    const calls = await callsOf(await run('workload', ['--clock', '1', '--rate', 'hot']), 1, other);
    expect(calls.filter(({ slot }) => slot !== notToldApart)).toEqual([]);
  });
});
