import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { skipUnless } from '../skip-unless.ts';
import { startTerminal } from '../terminal/terminal.ts';
import { terminalEnvironment } from '../terminal/terminal-environment.ts';
import { processesWith } from './processes-with.ts';
import { runVdsotop, vdsotop } from './run-vdsotop.ts';

/** `vdsotop OPTIONS -- CMD` where the options cannot be had: CMD must not run unwatched, nor be waited for. */
const root = resolve(import.meta.dirname, '../..');
const here = folderForEachTest();
beforeEach(() => {
  writeFileSync(here('there'), 'yesterday');
});

const command = () => ['--', 'sh', '-c', `echo begun > ${here()}/mark; exec sleep 60`];

function expectNothingBegan() {
  expect(existsSync(here('mark'))).toBe(false);
  expect(processesWith(here())).toEqual([]);
}

describe.each([
  ['there', /^vdsotop: \S+\/there cannot be created: it is there already/],
  ['none/x.ndjson', /^vdsotop: \S+\/none\/x\.ndjson cannot be created: no such file or folder/],
])('a command that was to be recorded to %s', (name, says) => {
  it('does not begin where there is no screen: exit 2 at once', () => {
    const { status, error, output } = runVdsotop(['--record', here(name), ...command()], { timeout: 15_000 });
    expect(error).toMatch(says);
    expect(error.trimEnd().split('\n')).toHaveLength(1);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expectNothingBegan();
  });

  it('does not begin on a terminal, and leaves no file for its output', async () => {
    const terminal = startTerminal(vdsotop, ['--record', here(name), ...command()]);
    try {
      expect(await Promise.race([terminal.exit, afterMs(15_000)])).toEqual({ code: 2, signal: undefined });
      expect(terminal.primary().join('')).toMatch(says);
      expect(terminal.primary()).toHaveLength(1);
      expectNothingBegan();
      expect(readdirSync(tmpdir())).not.toContain(`vdsotop-sh-${terminal.pid}.log`);
    } finally {
      await terminal.kill();
    }
  });
});

it('a command does not begin where the C library is missing: exit 5', () => {
  const install = here('install');
  cpSync(join(root, 'dist'), join(install, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(install, 'package.json'));
  mkdirSync(join(install, 'node_modules'));
  symlinkSync(join(root, 'node_modules/koffi'), join(install, 'node_modules/koffi'));
  rmSync(join(install, 'dist/libvdsotop.so'));
  const args = [join(install, 'dist/cli.js'), ...command()];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 });
  expect(stderr).toMatch(/^vdsotop: .*libvdsotop\.so/);
  expect(status).toBe(5);
  expectNothingBegan();
});

it('a command does not begin where its output has no place to go: exit 2', async () => {
  const env = terminalEnvironment({ TMPDIR: here('none') });
  const terminal = startTerminal(vdsotop, command(), { env });
  try {
    expect(await terminal.exit).toEqual({ code: 2, signal: undefined });
    expect(terminal.primary().join('')).toMatch(/^vdsotop: \S+\.log, .*TMPDIR.*: no such file or folder$/);
    expectNothingBegan();
  } finally {
    await terminal.kill();
  }
});

it.each([
  [0o644, 'permission denied (EACCES)'],
  [0o755, 'exec format error (ENOEXEC)'],
] as const)('says why the shell that holds a command could not be started, of mode %o: exit 5', (mode, why) => {
  const shell = here('there');
  chmodSync(shell, mode);
  const inNamespace = (script: string, ...args: readonly string[]) =>
    spawnSync('unshare', ['-m', 'bash', '-c', `mount --bind ${shell} "$(readlink -f /bin/sh)" && ${script}`, ...args], {
      encoding: 'utf8',
    });
  skipUnless(inNamespace('true').status === 0, 'this machine does not let us mount in a namespace of our own');
  const cli = [process.execPath, join(root, 'dist/cli.js'), '--', '/bin/true'];
  const { stderr, status } = inNamespace('exec "$@"', 'bash', ...cli);
  expect(stderr).toBe(`vdsotop: '/bin/true' could not be started by /bin/sh: ${why}\n`);
  expect(status).toBe(5);
});

function afterMs(ms: number): Promise<string> {
  return new Promise((done) => setTimeout(done, ms, `still there after ${ms} ms`));
}
