import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createThreadRunTimes } from '../../../src/collect/process/thread-run-times.ts';
import { ownFiles } from '../../own-files.ts';
import { start } from '../processes.ts';

/** How many files of that kind this process holds open. */
function openFiles(): number {
  return ownFiles().filter(({ link }) => link.endsWith('/schedstat')).length;
}

/** This process burns CPU time for so long. */
function burn(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

describe('run times of threads that are read again and again', () => {
  it('are those of the moment, though the file stays open', () => {
    const runTimes = createThreadRunTimes();
    const before = runTimes.of(process.pid, process.pid);
    burn(100);
    const after = runTimes.of(process.pid, process.pid);
    expect(openFiles()).toBe(1);
    expect((after?.cpuNs ?? 0) - (before?.cpuNs ?? 0)).toBeGreaterThan(20e6);
    runTimes.close();
    expect(openFiles()).toBe(0);
  });

  it('are not known of a thread that ended, of which no file stays open', async () => {
    const { pid, end } = await start('sleep', ['60']);
    const runTimes = createThreadRunTimes();
    expect(runTimes.of(pid, pid)?.turns).toBeGreaterThan(0);
    await end();
    expect(runTimes.of(pid, pid)).toBeUndefined();
    expect(openFiles()).toBe(0);
  });

  it('hold no more than sixteen files, whoever is asked for', () => {
    const runTimes = createThreadRunTimes();
    const pids = readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
    for (const pid of pids) runTimes.of(pid, pid);
    expect(pids.length).toBeGreaterThan(16);
    expect(openFiles()).toBe(16);
    expect(runTimes.of(pids[0] ?? 0, pids[0] ?? 0)).toBeDefined();
    runTimes.close();
    expect(openFiles()).toBe(0);
  });
});
