import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { type Resolution, resolveTarget } from '../../../src/collect/process/resolve-target.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { insidePidNamespace } from '../inside-pid-namespace.ts';
import { collector, compile, start, until } from '../processes.ts';

const directory = temporaryDirectory();
const wait = compile(directory, 'wait');
/** Names that no other process has. */
const unique = (name: string) => `${name}${process.pid}`;

/** The first process below a PID namespace of its own, as our namespace numbers it. */
async function startInNamespace(program: string): Promise<number> {
  const unshare = await start('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', program]);
  const path = `/proc/${unshare.pid}/task/${unshare.pid}/children`;
  const child = () => Number(readFileSync(path, 'utf8'));
  await until(() => child() > 0 && readFileSync(`/proc/${child()}/cmdline`, 'utf8').startsWith(program));
  return child();
}

describe('a PID', () => {
  it('is itself, with nothing to remark', async () => {
    const { pid } = await start(wait);
    expect(resolveTarget(String(pid))).toEqual({ kind: 'found', pid });
    expect(resolveTarget(` ${pid}\n`)).toEqual({ kind: 'found', pid });
  });

  it('may be that of a thread: its process is meant, and that is said', async () => {
    const { pid } = await start(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await until(() => listThreads(pid).length > 1);
    const tid = listThreads(pid).find((candidate) => candidate !== pid);
    expect(resolveTarget(String(tid))).toEqual({
      kind: 'found',
      pid,
      note: expect.stringMatching(new RegExp(`^${tid} is a thread of process ${pid} \\(.+\\)`)),
    });
  });

  it('may be of a process whose main thread has exited', async () => {
    const { pid } = await start(compile(directory, 'main-thread-exits'));
    await until(() => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')));
    expect(resolveTarget(String(pid))).toEqual({ kind: 'found', pid });
  });

  it.each([
    ['0', 'not-positive', 2],
    ['-5', 'not-positive', 2],
    ['', 'nothing-given', 2],
    ['  ', 'nothing-given', 2],
    [String(process.pid), 'own-process', 2],
    ['4194304', 'no-such-process', 3],
    ['99999999999999999999', 'no-such-process', 3],
    ['2', 'kernel-thread', 5],
    ['kthreadd', 'kernel-thread', 5],
    ['no such name', 'no-such-name', 3],
    ['12a', 'no-such-name', 3],
  ])('%j is %s: exit code %i', (text, problem, exitCode) => {
    const resolution = resolveTarget(text);
    expect(resolution).toMatchObject({ kind: 'error', problem, exitCode });
    expectOneLine(resolution);
  });

  it('of a zombie names the parent that has not reaped it', async () => {
    const parent = await start(compile(directory, 'zombie'));
    const resolution = resolveTarget(await parent.line());
    expect(resolution).toMatchObject({
      problem: 'zombie',
      exitCode: 3,
      message: expect.stringContaining(`its parent ${parent.pid} (zombie)`),
    });
    expectOneLine(resolution);
  });

  it('of a process that has just ended is not found', async () => {
    const target = await start(wait);
    await target.end();
    expect(resolveTarget(String(target.pid))).toMatchObject({ problem: 'no-such-process', exitCode: 3 });
  });
});

function expectOneLine(resolution: Resolution): void {
  if (resolution.kind !== 'error') throw new Error(`resolved to ${resolution.kind}`);
  expect(resolution.message).toMatch(/^[^\n]{20,200}$/);
  expect(resolution.message).toContain("run 'vdsotop' without -p");
}

describe('a PID as a container sees it', () => {
  it('is resolved when no process here has it, and that is said', async () => {
    // A hundred processes come and go in the namespace, so that the last has a number that is free outside.
    const script = `for i in $(seq 200); do /bin/true; done; ${wait} & echo $!; wait`;
    const shell = await start('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', '/bin/sh', '-c', script]);
    const inner = Number(await shell.line());
    const resolution = resolveTarget(String(inner));
    expect(resolution).toMatchObject({
      kind: 'found',
      note: `PID ${inner} of a container is PID ${pidOf(resolution)} (wait) here`,
    });
    expect(readFileSync(`/proc/${pidOf(resolution)}/status`, 'utf8')).toMatch(
      new RegExp(`^NSpid:\\t.*\\t${inner}$`, 'm'),
    );
  });

  it('loses against a process here, and that is said', async () => {
    const inner = await startInNamespace(wait);
    const resolution = resolveTarget('1');
    expect(resolution).toMatchObject({
      kind: 'found',
      pid: 1,
      note: expect.stringContaining('a container has a PID 1 too'),
    });
    expect('note' in resolution && resolution.note).toContain(`${inner} (wait)`);
  });

  it('says inside a container that those outside cannot be seen', async () => {
    const source = `import { resolveTarget } from ${JSON.stringify(collector('process/resolve-target'))};
      console.log(resolveTarget('4194304').message);`;
    const container = await start('unshare', insidePidNamespace(source));
    expect(await container.line()).toContain('in this container');
  });
});

function pidOf(resolution: Resolution): number {
  return resolution.kind === 'found' ? resolution.pid : 0;
}

describe('a name', () => {
  it('of one process is that process, and that is said', async () => {
    const name = unique('one');
    const program = join(directory, name);
    copyFileSync(wait, program);
    const { pid } = await start(program);
    expect(resolveTarget(name)).toEqual({ kind: 'found', pid, note: `'${name}' is PID ${pid} (${program})` });
  });

  it('of several processes gives them all, for the picker', async () => {
    const name = unique('many');
    copyFileSync(wait, join(directory, name));
    const pids = [(await start(join(directory, name))).pid, (await start(join(directory, name))).pid];
    const resolution = resolveTarget(name);
    expect(resolution.kind === 'several' && resolution.candidates.map(({ pid }) => pid)).toEqual(
      pids.sort((a, b) => a - b),
    );
  });

  it('may be longer than the fifteen bytes the kernel keeps', async () => {
    const name = unique('a-rather-long-program-name-');
    copyFileSync(wait, join(directory, name));
    const { pid } = await start(join(directory, name), ['--flag']);
    expect(resolveTarget(name)).toMatchObject({ kind: 'found', pid });
    expect(resolveTarget(name.slice(0, 15))).toMatchObject({ kind: 'found', pid });
  });

  it('with escape characters does not reach the message', () => {
    expect(resolveTarget('\x1b[31mx\x1b]0;y\x07')).toMatchObject({ message: expect.stringMatching(/^'x' is neither/) });
  });
});

describe('a process that hidepid hides', () => {
  it('is told from one that does not exist', async () => {
    const { pid } = await start(wait);
    const source = `import { resolveTarget } from ${JSON.stringify(collector('process/resolve-target'))};
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
      console.log(JSON.stringify([${pid}, 4194304].map((id) => resolveTarget(String(id)))));`;
    // A mount namespace of its own, in which /proc is mounted anew with hidepid.
    const script = 'mount -t proc -o hidepid=2 proc /proc && exec "$0" --input-type=module-typescript -e "$1"';
    const hiding = await start('unshare', ['--mount', '/bin/sh', '-c', script, process.execPath, source]);
    const [existing, missing] = JSON.parse(await hiding.line()) as Resolution[];
    expect(existing).toMatchObject({
      problem: 'hidden',
      exitCode: 4,
      message: expect.stringContaining(`sudo vdsotop -p ${pid}`),
    });
    expect(missing).toMatchObject({ problem: 'no-such-process', exitCode: 3 });
  });
});
