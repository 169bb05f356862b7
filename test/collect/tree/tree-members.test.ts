import { describe, expect, it } from 'vitest';
import { isStillRunning } from '../../../src/collect/tree/is-still-running.ts';
import { createProcessTree } from '../../../src/collect/tree/process-tree.ts';
import { createTreeMembers } from '../../../src/collect/tree/tree-members.ts';
import { buildProgram } from '../../programs/build.ts';
import { buildRuntime } from '../../programs/build-runtime.ts';
import { startPrefork } from '../../programs/start-prefork.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { start, value } from '../processes.ts';

async function startTree(workers: readonly string[]) {
  const master = await startPrefork(workers);
  const tree = createProcessTree(master.pid, true);
  const members = createTreeMembers(tree);
  const refresh = () => {
    tree.refresh();
    members.refresh();
  };
  refresh();
  return { master, members, refresh };
}

describe('the members of a tree', () => {
  it('share what is read of their program until one of them calls exec', async () => {
    const { master, members, refresh } = await startTree(['web:7:syscall:100', 'log:7:libc:100']);
    const [web = 0, log = 0] = master.workers;
    const [first, second] = [members.of(web), members.of(log)];
    expect(first?.image.comm).toBe('web');
    expect(first?.image.key).toBe(members.of(master.pid)?.image.key);
    expect(second?.facts.libc).toBe(first?.facts.libc);
    if (first === undefined || second === undefined) throw new Error('not seen');
    await master.tell(`!${web} ${buildProgram('wait', ['-static'])}`);
    for (const end = Date.now() + 3_000; isStillRunning(first) && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isStillRunning(first)).toBe(false);
    expect(isStillRunning(second)).toBe(true);
    refresh();
    const after = members.of(web);
    expect(after?.image.stamp).not.toBe(first.image.stamp);
    expect(after?.facts.linkage).toMatchObject({ value: 'static' });
    expect(after?.sinceMs).toBeGreaterThan(first.sinceMs);
    expect(members.of(log)?.facts.linkage).toMatchObject({ value: 'dynamic' });
    await master.end();
  });

  it('are gone with their process', async () => {
    const { master, members, refresh } = await startTree(['web:7:syscall:100']);
    const [web = 0] = master.workers;
    const member = members.of(web);
    await master.tell(`-${web}`);
    expect(member && isStillRunning(member)).toBe(false);
    refresh();
    expect(members.of(web)).toBeUndefined();
    expect(members.ofThread(web)).toBeUndefined();
    expect(members.all().map(({ pid }) => pid)).toEqual([master.pid]);
    await master.end();
  });

  it('are not of programs that have just begun where they ran long before, however late they are read', async () => {
    const programs = [[], ['-static'], ['-O0'], ['-O1']].map((flags) => buildProgram('wait', flags));
    const master = await startPrefork(programs.map((program, at) => `w${at}:exec:${program}`));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const tree = createProcessTree(master.pid, true);
    const members = createTreeMembers(tree);
    for (let looks = 0; looks < 3; looks += 1) {
      tree.refresh();
      members.refresh();
    }
    const isEarly = () => [master.pid, ...master.workers].map((pid) => members.of(pid)?.isEarly);
    expect(isEarly()).toEqual([false, false, false, false, false]);
    const late = await master.tell(`+late:exec:${buildProgram('wait', ['-O3'])}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    // A tree that took long to look at is left alone for a while.
    for (const end = Date.now() + 6_000; members.of(late) === undefined && Date.now() < end; ) {
      tree.refresh();
      members.refresh();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(members.of(late)?.isEarly).toBe(true);
    await master.end();
  });

  it('are read again a second after their program began, when a launcher has loaded its runtime', async () => {
    const program = await start(buildProgram('late-library', ['-ldl']), [buildRuntime(temporaryDirectory())]);
    const tree = createProcessTree(program.pid, true);
    const members = createTreeMembers(tree);
    const runtime = () => {
      members.refresh();
      return value(members.of(program.pid)?.facts.runtime ?? { unavailable: 'absent', detail: 'no member' }).name;
    };
    expect(await program.line()).toBe('ready');
    expect(runtime()).toBe('none');
    program.child.stdin?.write('go\n');
    expect(await program.line()).toBe('loaded');
    for (const end = Date.now() + 5_000; runtime() !== 'jvm' && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(runtime()).toBe('jvm');
    await program.end();
  });
});
