import { expect, it } from 'vitest';
import { asOfEnded } from '../../src/session/as-of-ended.ts';
import { commandNeverSeen } from '../../src/session/command-never-seen.ts';
import { endedTooSoon } from '../../src/session/ended-too-soon.ts';
import { withCommand } from '../../src/session/with-command.ts';
import { available, denied, makeSnapshot, unavailable } from '../analysis/snapshot-builder.ts';

const noUserSpace = unavailable('absent', '/proc/4242/maps is empty: no user space there');

it('tells of all that a target took with it the same, and leaves what was not to be had of the living either', () => {
  const noCgroup = unavailable('absent', '/proc/4242/cgroup has no line of version 2');
  const target = { mappings: noUserSpace, runtime: noUserSpace, cgroup: noCgroup, vdso: denied() };
  const host = { otherWatchers: unavailable('absent', 'not read yet') };
  const before = {
    ...makeSnapshot({ target, host, hits: 'blind' }, 0.2),
    callSites: unavailable('absent', 'counters are not attached yet'),
    cpuSamples: unavailable('absent', 'CPU time is not sampled: its budget is 0'),
    activity: unavailable('absent', 'process 4242 has ended'),
    ended: true,
  };
  const after = asOfEnded(before);
  expect(after).toMatchObject({
    target: { mappings: endedTooSoon, runtime: endedTooSoon, cgroup: noCgroup, vdso: denied() },
    host: { otherWatchers: endedTooSoon },
    callSites: endedTooSoon,
    activity: endedTooSoon,
    cpuSamples: before.cpuSamples,
    fastReads: before.fastReads,
  });
});

const { target: shell } = makeSnapshot({}, 0);
const command = {
  comm: available('one'),
  commandLine: available(['one', '12345']),
  exe: available('/tmp/one'),
  bits: available<32 | 64>(64),
} as const;

it('completes a command by what was known before it ran, and never overwrites what was read', () => {
  expect(withCommand(shell, command)).toBe(shell);
  const dying = { ...shell, exe: noUserSpace, comm: available('title') };
  expect(withCommand(dying, command)).toEqual({ ...shell, exe: command.exe, comm: available('title') });
});

it('says of a command that was never seen nothing of the shell before it', () => {
  const seen = commandNeverSeen(shell, command);
  expect(seen).toMatchObject({ ...command, libc: endedTooSoon, runtime: endedTooSoon, mappings: endedTooSoon });
  // Counted by what sees 64-bit programs alone.
  expect(commandNeverSeen(shell, { ...command, bits: available<32 | 64>(32) }).bits).toBe(endedTooSoon);
  expect(commandNeverSeen(shell, undefined).comm).toBe(endedTooSoon);
});
