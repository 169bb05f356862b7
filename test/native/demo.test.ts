import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { skipUnless } from '../skip-unless.ts';

const demo = join(import.meta.dirname, '../../dist/vdsotop-demo');
const perf = spawnSync('perf', ['stat', '-e', 'syscalls:sys_enter_clock_gettime', 'true']).status === 0;

interface Counts {
  readonly reads: readonly { readonly thread: string; readonly ratePerSecond: number; readonly reads: number }[];
}

function readsOf(line: string): Readonly<Record<string, number>> {
  const counts: Counts = JSON.parse(line);
  return Object.fromEntries(counts.reads.map(({ thread, reads }) => [thread, reads]));
}

describe('the demo workload', () => {
  it('keeps its stated rates within 2 % and prints one line of JSON', () => {
    const output = execFileSync(demo, ['--seconds', '2', '--rate-realtime', '5000'], { encoding: 'utf8' });
    expect(output).toMatch(/^\{.*\}\n$/);
    const counts: Counts = JSON.parse(output);
    expect(counts.reads.map(({ ratePerSecond }) => ratePerSecond)).toEqual([50_000, 20_000, 5_000]);
    for (const { ratePerSecond, reads } of counts.reads)
      expect(Math.abs(reads / 2 / ratePerSecond - 1)).toBeLessThan(0.02);
  });

  it('counts itself exactly', () => {
    skipUnless(perf, 'perf may not count here');
    const event = 'syscalls:sys_enter_clock_gettime';
    const filter = ['--filter', 'which_clock != 1'];
    const { stdout, stderr } = spawnSync(
      'perf',
      ['stat', '-x,', '-e', event, ...filter, '--', demo, '--seconds', '1'],
      {
        encoding: 'utf8',
      },
    );
    const reads = readsOf(stdout);
    expect(Number(/^(\d+),/m.exec(stderr)?.[1])).toBe((reads['slow-cputime'] ?? 0) + (reads['direct-realtime'] ?? 0));
  });

  it('names its threads, and ends with its counts on SIGTERM', async () => {
    const child = spawn(demo, { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const names = () =>
      readdirSync(`/proc/${child.pid}/task`).map((tid) =>
        readFileSync(`/proc/${child.pid}/task/${tid}/comm`, 'utf8').trim(),
      );
    await expect.poll(names).toEqual(expect.arrayContaining(['fast-monotonic', 'slow-cputime', 'direct-realtime']));
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const closed = new Promise((resolve) => child.once('close', (code) => resolve(code)));
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
    expect(readsOf(output)['fast-monotonic']).toBeGreaterThan(0);
  });

  it('ends when its parent dies, and at once when the parent it was given is not its own', async () => {
    const script = `"${demo}" >/dev/null & echo $!; sleep 0.2`;
    const pid = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trim();
    // A zombie that nobody reaps has ended too.
    const alive = () => existsSync(`/proc/${pid}`) && !/\nState:\tZ/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    await expect.poll(alive).toBe(false);
    const orphan = spawnSync(demo, ['--parent', '1', '--seconds', '5'], { timeout: 2000, encoding: 'utf8' });
    expect([orphan.status, orphan.stdout]).toEqual([0, '']);
  });

  it.each([['--seconds', 'x'], ['--rate-monotonic', '-1'], ['stray'], ['--bogus']])('refuses %s %s', (...args) => {
    expect(spawnSync(demo, args).status).toBe(2);
  });
});
