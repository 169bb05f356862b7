import { expect, it, vi } from 'vitest';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { createProbes } from '../../src/session/probes.ts';
import { startSession } from '../../src/session.ts';

vi.mock('../../src/session/probes.ts', () => ({ createProbes: vi.fn() }));

const unseen = { unavailable: 'absent', detail: 'not looked at' } as const;
const snapshot = {
  elapsedMs: 0,
  sinceMs: 0,
  entries: unseen,
  fastReads: unseen,
  cpuSamples: unseen,
  callSites: unseen,
};

function start() {
  const first = Promise.withResolvers<Snapshot>();
  const probes = {
    arm: async () => {},
    snapshot: vi.fn(() => first.promise),
    readSlowFacts: vi.fn(async () => {}),
    restart() {},
    close: vi.fn(),
  };
  vi.mocked(createProbes).mockReturnValue(probes);
  const target = { pid: process.pid, startsWithExec: false, counter: 'auto', children: false } as const;
  const session = startSession({ ...target, intervalMs: 100, version: '0.1.0', commandLine: 'vdsotop' });
  return { session, probes, look: () => first.resolve(snapshot as unknown as Snapshot) };
}

it('reads slow facts and ticks once its first snapshot is taken', async () => {
  const { session, probes, look } = start();
  look();
  await session.armed;
  expect(probes.readSlowFacts).toHaveBeenCalledOnce();
  await vi.waitUntil(() => probes.snapshot.mock.calls.length > 1, 5_000);
  session.close();
});

it('does neither when it was closed while that was taken', async () => {
  vi.useFakeTimers();
  const { session, probes, look } = start();
  while (probes.snapshot.mock.calls.length === 0) await Promise.resolve();
  session.close();
  look();
  await session.armed;
  expect(probes.readSlowFacts).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
