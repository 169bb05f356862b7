import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PNG } from 'pngjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { extractCapsuleText } from '../../src/capsule/extract-capsule-text.ts';
import { extractFromJson } from '../../src/capsule/extract-from-json.ts';
import { recordingPath } from '../capsule/recordings.ts';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { buildProgram } from '../programs/build.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { demoPath } from './programs.ts';
import { runVdsotop } from './run-vdsotop.ts';
import { startForTest } from './start-for-test.ts';

/** Pictures of real processes, by the real program, without a terminal. */
const root = resolve(import.meta.dirname, '../..');
const here = folderForEachTest();

const run = (args: readonly string[], options = {}) => runVdsotop(['snapshot', ...args], { cwd: here(), ...options });
const file = (name: string) => readFileSync(here(name));
const fromRecording = ['--from', recordingPath('demo')] as const;

describe('a snapshot of a running process', () => {
  it('is saved in every format at once, each for its owner alone, with one capsule in three of them', async () => {
    const target = await startForTest(demoPath);
    const names = ['svg', 'png', 'md', 'txt', 'ansi', 'html', 'json'].map((ending) => `shot.${ending}`);
    const outputs = names.flatMap((name) => ['-o', name]);
    const { status, output, error } = run(['-p', String(target.pid), '-d', '1500ms', ...outputs]);
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(output.match(/^saved shot\.\w+ \(.*\)$/gm)).toHaveLength(names.length);
    expect(readdirSync(here()).sort()).toEqual(names.toSorted());
    for (const name of names) expect(statSync(here(name)).mode & 0o7777).toBe(0o600);

    const text = extractCapsuleText(file('shot.svg'));
    expect(text).toMatch(/^\{"capsule":1,/);
    expect(extractCapsuleText(file('shot.png'))).toBe(text);
    expect(extractFromJson(file('shot.json'))).toBe(text);
    for (const name of ['shot.svg', 'shot.png', 'shot.json']) {
      const report = runVdsotop(['report', '--from', here(name), '--json']);
      expect(JSON.parse(report.output)).toMatchObject({ schema: 1, target: { pid: target.pid } });
    }
    for (const name of ['shot.svg', 'shot.md', 'shot.txt', 'shot.ansi', 'shot.html'])
      expect(file(name).toString()).toMatch(/THREAD_CPUTIME_ID/);
    expect(file('shot.txt').toString()).not.toMatch(/\u001b/);
    expect(file('shot.ansi').toString()).toMatch(/\u001b\[1;7;31m SLOW \u001b\[0m/);
  });

  it('is recorded, traced by perf and saved by a trigger as a report is', async () => {
    const target = await startForTest(demoPath);
    const beside = ['--record', 'x.ndjson', '--trigger', 'verdict == slow', '--perf-trace', '100ms'];
    const args = ['-p', String(target.pid), '-d', '2s', '-o', 'x.txt', ...beside];
    const refused = run(args);
    expect(refused).toMatchObject({ status: 2, error: expect.stringMatching(/--perf-trace refused: .*--force/) });
    expect(refused.error).toMatch(/^vdsotop: recorded: x\.ndjson /m);
    expect(refused.error).toMatch(/^vdsotop: saved by --trigger 'verdict == slow': .*\.ndjson\.gz$/m);
    expect(readdirSync(here()).filter((name) => /^x\.|\.gz$/.test(name))).toHaveLength(3);
    const forced = run(['-p', String(target.pid), '-d', '300ms', '-o', 'y.txt', '--perf-trace', '100ms', '--force']);
    expect(forced).toMatchObject({ status: 0, error: expect.stringMatching(/perf/) });
  });

  it('says 3 for a process that is not there', () => {
    const { status, error } = run(['-p', '4194300', '-o', 'x.svg']);
    expect(status).toBe(3);
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(here())).toEqual([]);
  });

  it('shows nothing of a hostile name but letters', async () => {
    const name = '</zz\u001b]0;x\u0007"&';
    const target = await startForTest(buildProgram('rename'), [name]);
    const { status } = run(['-p', String(target.pid), '-d', '300ms', '-o', 'x.svg', '-o', 'x.md', '-o', 'x.html']);
    expect(status).toBe(0);
    for (const written of ['x.svg', 'x.md', 'x.html'])
      expect(file(written).toString()).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(file('x.svg').toString()).not.toMatch(/<\/zz/);
    expect(file('x.html').toString()).not.toMatch(/<\/zz/);
  });
});

describe('a snapshot of what was saved', () => {
  it('is the same picture again, and holds the same capsule', () => {
    expect(run([...fromRecording, '-o', 'one.svg', '-o', 'one.png']).status).toBe(0);
    expect(run(['--from', 'one.svg', '-o', 'two.svg']).status).toBe(0);
    expect(run(['--from', 'one.png', '-o', 'three.svg']).status).toBe(0);
    expect(file('two.svg').equals(file('one.svg'))).toBe(true);
    expect(file('three.svg').equals(file('one.svg'))).toBe(true);
  });

  it.each([
    ['120', []],
    ['80', ['--columns', '80']],
    ['200', ['--columns', '200', '--symbols', 'block', '--theme', 'light']],
  ] as const)('is %s columns wide', (columns, args) => {
    expect(run([...fromRecording, '-o', 'x.svg', '-o', 'x.png', ...args]).status).toBe(0);
    const pixels = Number(columns) * 8 + 20;
    expect(file('x.svg').toString()).toContain(`width="${pixels}"`);
    const { width, data } = PNG.sync.read(file('x.png'));
    expect(width).toBe(pixels * 2);
    const [red] = data.subarray(4 * (width * 20 + 4));
    expect(red).toBe(args.includes('light' as never) ? 0xff : 0x16);
  });
});

describe('what cannot be saved', () => {
  it.each([
    [['-o', 'x.gif'], 2, /must end in \.svg \.png \.md/],
    [[], 2, /nothing to save: name a file with -o/],
    [['-o', 'none/x.svg'], 2, /no such file or folder/],
    [['-o', 'x.svg', '--columns', '12'], 2, /from 40 to 400/],
    [['-o', 'x.svg', '--theme', 'blue'], 2, /dark, light/],
    [['-o', 'x.svg', '-p', '1'], 2, /give one of them/],
    [['-o', 'x.svg', '--record', 'y'], 2, /--record says how to watch a process/],
    [['-o', 'x.svg', '--trigger', 'verdict == slow'], 2, /--trigger says how to watch a process/],
    [['-o', 'x.svg', '--perf-trace', '1s'], 2, /--perf-trace says how to watch a process/],
    [['-o', 'x.svg', '-d', '10s'], 2, /--duration says how to watch a process/],
    [['-o', 'x.svg', '--out', '/tmp'], 2, /--out is where --trigger saves: .* -o FOLDER\/FILE/],
  ] as const)('%j ends with %d and one line', (args, code, message) => {
    const { status, error } = run([...fromRecording, ...args]);
    expect(status).toBe(code);
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(here())).toEqual([]);
  });

  it('overwrites nothing and follows no link', () => {
    writeFileSync(here('x.svg'), 'yesterday');
    symlinkSync(here('victim'), here('y.svg'));
    expect(run([...fromRecording, '-o', 'x.svg'])).toMatchObject({ status: 2, error: /it is there already/ });
    expect(run([...fromRecording, '-o', 'y.svg'])).toMatchObject({ status: 2 });
    expect(file('x.svg').toString()).toBe('yesterday');
    expect(readdirSync(here())).toEqual(['x.svg', 'y.svg']);
  });
});

it('under sudo the file belongs to the user who called it', () => {
  skipUnless(process.geteuid?.() === 0, 'only root can give files away');
  const env = { ...process.env, SUDO_UID: '65534', SUDO_GID: '65533' };
  expect(run([...fromRecording, '-o', 'x.svg'], { env }).status).toBe(0);
  expect(statSync(here('x.svg'))).toMatchObject({ uid: 65_534, gid: 65_533 });
});

describe('where resvg is not installed', () => {
  const install = temporaryDirectory();
  beforeAll(() => {
    cpSync(join(root, 'dist'), join(install, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(install, 'package.json'));
    mkdirSync(join(install, 'node_modules'));
    symlinkSync(join(root, 'node_modules/koffi'), join(install, 'node_modules/koffi'));
  });

  it('a PNG says why it cannot be drawn, and an SVG is saved', () => {
    const bare = (...args: readonly string[]) => {
      const all = [join(install, 'dist/cli.js'), 'snapshot', ...fromRecording, ...args];
      return spawnSync(process.execPath, all, { cwd: here(), encoding: 'utf8' });
    };
    const png = bare('-o', 'x.png', '-o', 'x.svg');
    expect(png.status).toBe(5);
    expect(png.stderr).toMatch(/x\.png cannot be drawn: the optional package @resvg\/resvg-js is not installed/);
    expect(png.stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(here())).toEqual([]);
    expect(bare('-o', 'x.svg').status).toBe(0);
    expect(readdirSync(here())).toEqual(['x.svg']);
  });
});
