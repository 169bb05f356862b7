import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { watchIdentity } from '../../../src/collect/process/watch-identity.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, compile, start, until } from '../processes.ts';

const directory = temporaryDirectory();
const execOnLine = compile(directory, 'exec-on-line');

async function startExec(...command: readonly string[]) {
  const target = await start(execOnLine, command);
  expect(await target.line()).toBe('ready');
  return target;
}

describe('watchIdentity', () => {
  it('stays the same while the program runs and renames itself', async () => {
    const target = await start(compile(directory, 'rename'), ['first']);
    const watch = watchIdentity(target.pid);
    await target.line();
    expect([watch.check(), watch.check()]).toEqual(['same', 'same']);
    watch.close();
  });

  it('notices another program in the same process, once', async () => {
    const target = await startExec('/bin/sleep', '99');
    const watch = watchIdentity(target.pid);
    expect(watch.check()).toBe('same');
    target.child.stdin?.write('go\n');
    await until(() => watch.check() === 'exec');
    for (let i = 0; i < 200; i += 1) expect(watch.check()).toBe('same');
    watch.close();
  });

  it('notices the same program executed again with the same arguments', async () => {
    const target = await startExec(execOnLine, execOnLine);
    const watch = watchIdentity(target.pid);
    target.child.stdin?.write('go\n');
    await until(() => watch.check() === 'exec');
    watch.close();
  });

  it('notices each of many execs once, when the new program has its mappings', async () => {
    const target = await start('/bin/bash', ['--norc', '-c', execAtEachLine]);
    const watch = watchIdentity(target.pid);
    for (let round = 0; round < 40; round += 1) {
      expect(await target.line()).toBe('ready');
      expect(watch.check()).toBe('same');
      target.child.stdin?.write('go\n');
      spinUntil(() => watch.check() === 'exec');
      const { mappings } = collectTarget(target.pid);
      expect('value' in mappings && mappings.value.map(({ name }) => name)).toContain('[vdso]');
    }
    watch.close();
  });

  it("notices another program in another user's process, whose addresses are hidden, by the size of its code", async () => {
    const target = await startExec('/bin/sleep', '99');
    const watcher = await start(process.execPath, ['--input-type=module-typescript', '-e', watchOnLine(target.pid)], {
      uid: 65_534,
      gid: 65_534,
    });
    expect(await watcher.line()).toBe('same hidden');
    target.child.stdin?.write('go\n');
    await until(() => readFileSync(`/proc/${target.pid}/comm`, 'utf8') === 'sleep\n');
    watcher.child.stdin?.write('check\n');
    expect(await watcher.line()).toBe('exec hidden');
  });

  it('says that a process has ended, and goes on saying it', async () => {
    const target = await start('sleep', ['99']);
    const watch = watchIdentity(target.pid);
    await target.end();
    expect([watch.check(), watch.check()]).toEqual(['ended', 'ended']);
    watch.close();
  });

  it('takes a zombie for ended', async () => {
    const parent = await start(compile(directory, 'zombie'));
    const watch = watchIdentity(Number(await parent.line()));
    expect(watch.check()).toBe('ended');
    watch.close();
  });

  it('takes a process whose main thread has exited alone for alive', async () => {
    const target = await start(compile(directory, 'main-thread-exits'));
    const watch = watchIdentity(target.pid);
    for (let i = 0; i < 10; i += 1) {
      expect(watch.check()).toBe('same');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    watch.close();
  });

  it('is not deceived by a new process with the old number', async () => {
    const first = await start('sleep', ['99']);
    const watch = watchIdentity(first.pid);
    await first.end();
    const second = await start(compile(directory, 'fork-as'), [String(first.pid)]);
    expect(await second.line()).toBe(String(first.pid));
    expect([watch.check(), watch.check()]).toEqual(['reused', 'reused']);
    watch.close();
  });

  it('answers ended for a number that no process has', () => {
    expect(watchIdentity(4_194_304).check()).toBe('ended');
  });
});

/** As `until`, without letting a single moment pass between two tries. */
function spinUntil(ready: () => boolean): void {
  const deadline = performance.now() + 2_000;
  while (!ready()) if (performance.now() > deadline) throw new Error('still not so after 2 s');
}

const execAtEachLine = 'echo ready; read -r _; exec bash --norc -c "$BASH_EXECUTION_STRING"';

/** A program that checks at once and at every line it gets, and says whether it sees addresses. */
function watchOnLine(pid: number): string {
  return `import { watchIdentity } from ${JSON.stringify(collector('process/watch-identity'))};
    import { readProcessStat } from ${JSON.stringify(collector('process/process-stat'))};
    const watch = watchIdentity(${pid});
    const say = () => {
      const addresses = readProcessStat('/proc/${pid}').value.image;
      console.log(watch.check(), addresses === undefined ? 'hidden' : 'seen');
    };
    say();
    process.stdin.on('data', say);`;
}
