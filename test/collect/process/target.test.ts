import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { readProcessStat } from '../../../src/collect/process/process-stat.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, compile, runAsNobody, type Started, start, until, value } from '../processes.ts';

const directory = temporaryDirectory();
const wait = compile(directory, 'wait');

describe('collectTarget', () => {
  it('reads every fact of an ordinary process, each with its source', async () => {
    const { pid } = await start(wait, ['--first', 'second argument']);
    const target = collectTarget(pid);
    expect(target).toMatchObject({
      pid,
      comm: { value: 'wait', source: `/proc/${pid}/stat` },
      exe: { value: wait, source: `/proc/${pid}/exe` },
      commandLine: { value: [wait, '--first', 'second argument'] },
      uid: { value: 0 },
      bits: { value: 64 },
      linkage: { value: 'dynamic' },
      tracerPid: { value: 0 },
      seccompMode: { value: 'none' },
      otherTimeNamespace: { value: false },
      namespacePid: { value: pid },
      children: { value: [] },
    });
    for (const fact of Object.values(target)) if (typeof fact === 'object') expect(fact).toHaveProperty('source');
  });

  it('gives the mappings as the kernel lists them, and the vDSO where the auxiliary vector says', async () => {
    const { pid } = await start(wait);
    const target = collectTarget(pid);
    const expected = readFileSync(`/proc/${pid}/maps`, 'utf8')
      .split('\n')
      .filter((line) => /\[(vdso|vvar|vvar_vclock|vsyscall)\]$/.test(line));
    const mappings = value(target.mappings);
    expect(mappings.map(({ start, end, permissions }) => `${start}-${end} ${permissions}`)).toEqual(
      expected.map((line) => line.split(' ').slice(0, 2).join(' ')),
    );
    const vdso = mappings.find(({ name }) => name === '[vdso]');
    expect(vdso?.start).toBe(value(target.sysinfoEhdr));
    expect(vdso?.sizeBytes).toBe(Number.parseInt(vdso?.end ?? '', 16) - Number.parseInt(vdso?.start ?? '', 16));
  });

  it('reads the start time that ps knows', async () => {
    const { pid } = await start(wait);
    const ticks = value(collectTarget(pid).startTimeTicks);
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    expect(uptime - ticks / 100).toBeGreaterThanOrEqual(-0.02);
    expect(uptime - ticks / 100).toBeLessThan(5);
  });
});

describe('how a program is built', () => {
  const builds = [
    { name: 'a 32-bit program', flags: ['-m32'], bits: 32, linkage: 'dynamic' },
    { name: 'a static program', flags: ['-static'], bits: 64, linkage: 'static' },
    { name: 'a static 32-bit program', flags: ['-m32', '-static'], bits: 32, linkage: 'static' },
    { name: 'a static PIE', flags: ['-static-pie'], bits: 64, linkage: 'static' },
    { name: 'a program that is not position independent', flags: ['-no-pie'], bits: 64, linkage: 'dynamic' },
  ] as const;

  it.each(builds)('$name is $bits bits and $linkage', async ({ flags, bits, linkage }) => {
    skipUnlessRuns(flags);
    const { pid } = await start(compile(directory, 'wait', flags));
    const target = collectTarget(pid);
    expect(value(target.bits)).toBe(bits);
    expect(value(target.linkage)).toBe(linkage);
    const vdso = value(target.mappings).find(({ name }) => name === '[vdso]');
    expect(value(target.sysinfoEhdr)).toBe(vdso?.start);
  });

  it.each([
    { flags: [], linkage: 'dynamic' },
    { flags: ['-static'], linkage: 'static' },
  ] as const)('musl with $flags is $linkage', async ({ flags, linkage }) => {
    const musl = temporaryDirectory();
    const { pid } = await start(compile(musl, 'wait', flags, 'musl-gcc'));
    expect(value(collectTarget(pid).linkage)).toBe(linkage);
  });

  it('a program with an interpreter but no library is static', async () => {
    const program = compile(directory, 'no-library', ['-nostdlib', '-pie']);
    expect(execFileSync('readelf', ['-lW', program], { encoding: 'utf8' })).toContain('INTERP');
    const { pid } = await start(program);
    expect(collectTarget(pid).linkage).toEqual({
      value: 'static',
      source: `/proc/${pid}/exe has an interpreter and needs no library`,
    });
  });

  it.each(['/lib64/ld-linux-x86-64.so.2', '/lib/ld-musl-x86_64.so.1'])(
    'a program run as argument of %s is dynamic',
    async (loader) => {
      expect(existsSync(loader)).toBe(true);
      const program = loader.includes('musl') ? compile(temporaryDirectory(), 'wait', [], 'musl-gcc') : wait;
      const { pid } = await start(loader, [program]);
      await until(() => readFileSync(`/proc/${pid}/maps`, 'utf8').includes(program));
      const target = collectTarget(pid);
      expect(value(target.linkage)).toBe('dynamic');
      expect(value(target.bits)).toBe(64);
    },
  );

  it('reads a program whose file was deleted', async () => {
    const copy = join(directory, 'deleted');
    copyFileSync(wait, copy);
    const { pid } = await start(copy);
    rmSync(copy);
    const target = collectTarget(pid);
    expect(value(target.exe)).toBe(`${copy} (deleted)`);
    expect(value(target.linkage)).toBe('dynamic');
  });
});

describe('a process in an unusual state', () => {
  it('is read through a living thread when its main thread has exited', async () => {
    const { pid } = await start(compile(directory, 'main-thread-exits'));
    await until(() => value(readProcessStat(`/proc/${pid}`)).state === 'Z' && listThreads(pid).length === 2);
    const target = collectTarget(pid);
    expect(value(target.bits)).toBe(64);
    expect(value(target.exe)).toBe(join(directory, 'main-thread-exits'));
    expect(value(target.commandLine)).toEqual([join(directory, 'main-thread-exits')]);
    expect(value(target.mappings).map(({ name }) => name)).toContain('[vdso]');
    expect(value(target.sysinfoEhdr)).not.toBe('0');
  });

  it('has no facts about memory as a zombie, rather than empty ones', async () => {
    const parent = await start(compile(directory, 'zombie'));
    const zombie = Number(await parent.line());
    const target = collectTarget(zombie);
    for (const fact of [target.mappings, target.sysinfoEhdr, target.bits, target.linkage, target.commandLine])
      expect(fact).toMatchObject({ unavailable: 'absent' });
    expect(target.comm).toMatchObject({ value: 'zombie' });
  });

  it('has ended: every fact says so', async () => {
    const process = await start(wait);
    await process.end();
    const { pid, ...facts } = collectTarget(process.pid);
    for (const fact of Object.values(facts))
      expect(fact).toEqual({ unavailable: 'absent', detail: `process ${pid} has ended` });
  });

  it('is a kernel thread: no user space', () => {
    const target = collectTarget(2);
    expect(target.comm).toMatchObject({ value: 'kthreadd' });
    expect(target.mappings).toMatchObject({ unavailable: 'absent' });
    expect(target.commandLine).toMatchObject({ unavailable: 'absent' });
    expect(target.sysinfoEhdr).toMatchObject({ unavailable: 'absent' });
  });

  it('names its direct children only', async () => {
    const parent = await start('/bin/bash', [
      '--norc',
      '-c',
      'exec 2>/dev/null; sleep 99 & (sleep 98 & echo $! ; wait) & wait',
    ]);
    const grandchild = Number(await parent.line());
    const children = value(collectTarget(parent.pid).children);
    for (const { pid } of children) cleanUp(pid);
    cleanUp(grandchild);
    expect(children.map(({ comm }) => comm).sort()).toEqual(['bash', 'sleep']);
  });
});

function cleanUp(pid: number): void {
  process.kill(pid, 'SIGKILL');
}

describe('what surrounds a process', () => {
  it('sees the tracer of a thread that is not the main one', async () => {
    const { pid } = await start(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await until(() => listThreads(pid).length > 2);
    const tid = listThreads(pid).find((candidate) => candidate !== pid);
    const strace = await start('strace', ['-qq', '-o', '/dev/null', '-p', String(tid)]);
    await until(() => value(collectTarget(pid).tracerPid) !== 0);
    expect(value(collectTarget(pid).tracerPid)).toBe(strace.pid);
    await strace.end();
  });

  it('does not take a tracer that cannot show for none: inside a PID namespace a 0 proves nothing', () => {
    const script = `
      import { readThreadFacts } from ${JSON.stringify(collector('process/read-thread-facts'))};
      console.log(JSON.stringify(readThreadFacts(process.pid)));`;
    const inside = ['--pid', '--fork', '--mount-proc', process.execPath, '--input-type=module', '-e', script];
    expect(JSON.parse(execFileSync('unshare', inside, { encoding: 'utf8' }))).toMatchObject({
      tracerPid: { unavailable: 'unsupported', detail: expect.stringContaining('outside this PID namespace') },
      seccompMode: { value: 'none' },
    });
  });

  it('does not say none of a process that has more threads than are read', async () => {
    const { pid } = await start('python3', ['-c', fiveHundredThreads]);
    await until(() => listThreads(pid).length === 521);
    const { tracerPid, seccompMode } = collectTarget(pid);
    for (const [fact, field] of [
      [tracerPid, 'TracerPid'],
      [seccompMode, 'Seccomp'],
    ] as const)
      expect(fact).toEqual({
        unavailable: 'unsupported',
        detail: `/proc/${pid}/status ${field} of 512 of 521 threads is 0, and the others were not read`,
      });
  });

  it('knows a time namespace other than ours', async () => {
    const unshare = await start('unshare', ['--time', '--fork', wait]);
    const pid = await onlyChild(unshare);
    expect(value(collectTarget(pid).otherTimeNamespace)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });

  it('knows the pid in a PID namespace below ours', async () => {
    const unshare = await start('unshare', ['--pid', '--fork', '--mount-proc', wait]);
    const pid = await onlyChild(unshare);
    expect(value(collectTarget(pid).namespacePid)).toBe(1);
    process.kill(pid, 'SIGKILL');
  });

  it('knows a seccomp filter, also of a thread that is not the main one', async () => {
    const target = await start(compile(directory, 'seccomp-filter'));
    expect(await target.line()).toBe('filtered');
    expect(collectTarget(target.pid).seccompMode).toEqual({
      value: 'filter',
      source: `/proc/${target.pid}/status Seccomp of all 2 threads`,
    });
  });
});

const fiveHundredThreads =
  'import threading, time\nfor _ in range(520): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\ntime.sleep(60)';

async function onlyChild(parent: Started): Promise<number> {
  const path = `/proc/${parent.pid}/task/${parent.pid}/children`;
  const childOf = () => Number(readFileSync(path, 'utf8').trim());
  await until(() => childOf() > 0 && readFileSync(`/proc/${childOf()}/comm`, 'utf8') === 'wait\n');
  return childOf();
}

describe('a hostile process', () => {
  it('cannot send escape characters through its names', async () => {
    const hostile = '\x1b]0;pwn\x07\x1b[2Jx\ny\u202e';
    const program = join(directory, `bad\x1b[31m\nname`);
    copyFileSync(compile(directory, 'rename'), program);
    const renamed = await start(program, ['\x1b[2J\n)R 1 1'], { argv0: hostile });
    await renamed.line();
    const target = collectTarget(renamed.pid);
    expect(value(target.comm)).toBe(')R 1 1');
    expect(value(target.commandLine)).toEqual(['x y', ')R 1 1']);
    expect(value(target.exe)).toBe(join(directory, 'bad name'));
    // The name pretended to be the fields after it.
    expect(value(target.startTimeTicks)).toBeGreaterThan(1_000);
    expect(JSON.stringify(target)).not.toMatch(/\\u001b|\\u0007|\\u202e|\\n/);
  });

  it('cannot make a command line without bound', async () => {
    const many = await start(
      wait,
      Array.from({ length: 400 }, () => 'x'.repeat(2_000)),
    );
    const { commandLine } = collectTarget(many.pid);
    expect(value(commandLine)[1]).toHaveLength(1_024);
    expect(value(commandLine).length).toBeLessThan(256);
    expect(commandLine).toMatchObject({ source: expect.stringContaining('the first') });
  });
});

describe("another user's process", () => {
  it('keeps what is denied apart from what is readable, and says what would allow it', async () => {
    const { pid } = await start(wait);
    const target = runAsNobody(
      `import { collectTarget } from ${JSON.stringify(collector('process/target'))};
      console.log(JSON.stringify(collectTarget(${pid})));`,
    );
    const denied = {
      unavailable: 'denied',
      detail: expect.stringMatching(/CAP_SYS_PTRACE: E(ACCES|PERM)$/),
      remedy: `sudo vdsotop -p ${pid}`,
    };
    expect(target).toMatchObject({
      comm: { value: 'wait' },
      uid: { value: 0 },
      commandLine: { value: [wait] },
      namespacePid: { value: pid },
      children: { value: [] },
      mappings: denied,
      sysinfoEhdr: denied,
      exe: denied,
      bits: denied,
      linkage: denied,
      otherTimeNamespace: denied,
    });
  });

  it('is readable to its own user without any capability', async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    execFileSync('chmod', ['755', directory]);
    const { pid } = await start(wait, [], nobody);
    const target = runAsNobody(
      `import { collectTarget } from ${JSON.stringify(collector('process/target'))};
      console.log(JSON.stringify(collectTarget(${pid})));`,
    );
    expect(target).toMatchObject({ uid: { value: 65_534 }, bits: { value: 64 }, exe: { value: wait } });
  });
});
