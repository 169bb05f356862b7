import { describe, expect, it } from 'vitest';
import { collectTarget } from '../../src/collect/process/target.ts';
import { createThreadFactsFollower } from '../../src/session/thread-facts.ts';
import { compile, start, until, value } from '../collect/processes.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const directory = temporaryDirectory();

describe('createThreadFactsFollower', () => {
  it('sees a tracer that attaches later, within five seconds, and keeps what was known of a process that ended', async () => {
    let nowMs = 0;
    const target = await start(compile(directory, 'wait'));
    const follower = createThreadFactsFollower(target.pid, () => nowMs);
    const first = collectTarget(target.pid);
    expect(value(first.tracerPid)).toBe(0);
    const strace = await start('strace', ['-qq', '-o', '/dev/null', '-p', String(target.pid)]);
    await until(() => value(collectTarget(target.pid).tracerPid) !== 0);

    nowMs = 4_999;
    expect(follower.follow(first)).toBe(first);
    nowMs = 5_000;
    const traced = follower.follow(first);
    expect(value(traced.tracerPid)).toBe(strace.pid);
    expect(traced).toEqual({ ...first, tracerPid: traced.tracerPid });

    await strace.end();
    await target.end();
    nowMs = 10_000;
    expect(follower.follow(traced)).toEqual(traced);
  });
});
