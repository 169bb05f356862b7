import { describe, expect, it } from 'vitest';
import { createLateCallers } from '../../../src/collect/calls/late-callers.ts';
import { createRoundRunTimes } from '../../../src/collect/calls/round-run-times.ts';
import { createThreadRunTimes } from '../../../src/collect/process/thread-run-times.ts';
import type { FastWindow } from '../../../src/model/fast-reads.ts';
import { start } from '../processes.ts';

const busy = 'while (true) {}';

async function startBusy() {
  const program = await start(process.execPath, ['-e', busy]);
  return { ...program, processOf: () => program.pid };
}

describe('what threads run around a round of windows', () => {
  it('is read as it begins and as it ends', async () => {
    const { pid, processOf, end } = await startBusy();
    const runTimes = createRoundRunTimes(processOf, pid, createThreadRunTimes());
    runTimes.begin([pid]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { turns, cpuOf } = runTimes.end();
    await end();
    const cpu = cpuOf(pid);
    if (cpu === undefined) throw new Error('its schedstat was not read');
    expect(cpu.endedAtMs - cpu.beganAtMs).toBeGreaterThan(290);
    expect(cpu.endedNs - cpu.beganNs).toBeGreaterThan(50e6);
    expect(cpu.endedNs - cpu.beganNs).toBeLessThan((cpu.endedAtMs - cpu.beganAtMs + 20) * 1e6);
    expect(turns).toBeGreaterThanOrEqual(0);
  });

  it('is not known of a thread that ended meanwhile', async () => {
    const { pid, processOf, end } = await startBusy();
    const runTimes = createRoundRunTimes(processOf, pid, createThreadRunTimes());
    runTimes.begin([pid]);
    await end();
    expect(runTimes.end().cpuOf(pid)).toBeUndefined();
  });
});

describe('the threads that were met calling lately', () => {
  const windowOf = (tid: number, count: number): FastWindow => ({
    tid,
    armedMs: 10,
    functions: [{ fn: 'clock_gettime', hits: count === 0 ? [] : [{ slot: 1, count }] }],
  });

  it('are read while they live, the newest eight, and no silent ones', async () => {
    const { pid, processOf, end } = await startBusy();
    const callers = createLateCallers(processOf, pid, createThreadRunTimes());
    callers.add([windowOf(pid, 0)]);
    expect(callers.read()).toEqual([]);
    callers.add([windowOf(pid, 3), windowOf(4_194_303, 1)]);
    expect(callers.read()).toMatchObject([{ tid: pid, beganNs: expect.any(Number) }]);
    callers.add(Array.from({ length: 8 }, (_, at) => windowOf(4_194_000 + at, 1)));
    expect(callers.read()).toEqual([]);
    await end();
  });
});
