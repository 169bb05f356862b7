import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openCapsule } from '../../src/capsule/open-capsule.ts';
import { reading, recordingPath } from '../capsule/recordings.ts';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { skipUnless } from '../skip-unless.ts';
import { keys } from '../terminal/keys.ts';
import { startTerminal, type Terminal } from '../terminal/terminal.ts';
import { demoPath } from './programs.ts';
import { runVdsotop, vdsotop } from './run-vdsotop.ts';
import { startForTest } from './start-for-test.ts';

/** Recording and replaying with the real program, on the real demo, in a real pseudo-terminal. */
const here = folderForEachTest();
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.kill();
  terminal = undefined;
});

function open(args: readonly string[]): Terminal {
  terminal = startTerminal(vdsotop, args, { cwd: here() });
  return terminal;
}

const run = (args: readonly string[], options = {}) => runVdsotop(args, { cwd: here(), ...options });
const screenOf = (live: Terminal) => live.screen().join('\n');

/** Without what says that it was replayed. */
function reportIn(json: string): object {
  const { replayed: _, ...report } = JSON.parse(json);
  return report;
}

describe('a report from a file', () => {
  it.each(['now.ndjson', 'now.ndjson.gz'])('recorded to %s is the report of the live moment', async (file) => {
    const target = await startForTest(demoPath);
    const live = run(['report', '-p', String(target.pid), '--json', '--show-host', '--record', file]);
    expect(live).toMatchObject({ status: 0, error: expect.stringMatching(/^vdsotop: recorded: now\.ndjson/) });
    const replayed = run(['report', '--from', file, '--json']);
    expect(replayed).toMatchObject({ status: 0, error: '' });
    expect(reportIn(replayed.output)).toEqual(JSON.parse(live.output));
    expect(JSON.parse(replayed.output).replayed).toEqual({
      savedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      savedBy: JSON.parse(live.output).tool.version,
      notes: [],
    });
    // Without a terminal `replay` prints the same as text.
    expect(run(['replay', file]).output).toBe(run(['report', '--from', file]).output);
    expect(run(['replay', file]).output).toMatch(/^SLOW: vdsotop-demo[\s\S]*saved +20\d\d-.* by vdsotop/);
  });

  it.each([
    ['counted by perf', ['--counter', 'perf']],
    ['with its children', ['--children']],
    ['without estimates of vDSO calls', ['--fast-calls', 'off']],
    ['ten times a second', ['-i', '100ms']],
  ])('of a target watched %s too', async (_, options) => {
    const target = await startForTest(demoPath);
    const args = ['report', '-p', String(target.pid), '-d', '1s', '--json', '--show-host', '--record', 'x.ndjson.gz'];
    const live = run([...args, ...options]);
    expect(reportIn(run(['report', '--from', 'x.ndjson.gz', '--json']).output)).toEqual(JSON.parse(live.output));
  });

  it('of a target that may not be looked into too', async () => {
    skipUnless(process.geteuid?.() === 0, 'only root can run vdsotop as somebody else');
    const target = await startForTest(demoPath);
    chmodSync(here(), 0o777);
    const args = ['report', '-p', String(target.pid), '-d', '1s', '--json', '--show-host', '--record', 'x.ndjson.gz'];
    const node = realpathSync(join(vdsotop, '../../node_modules/.bin/node'));
    const cli = join(vdsotop, '../../dist/cli.js');
    const live = spawnSync(node, [cli, ...args], { uid: 65_534, cwd: here(), encoding: 'utf8' });
    expect(live).toMatchObject({ status: 0 });
    expect(statSync(here('x.ndjson.gz'))).toMatchObject({ uid: 65_534 });
    expect(reportIn(run(['report', '--from', 'x.ndjson.gz', '--json']).output)).toEqual(JSON.parse(live.stdout));
  });

  it('hides host, users and arguments unless it is told not to, and says so', async () => {
    const target = await startForTest('/bin/sh', [
      '-c',
      'while :; do sleep 0.1; done',
      'secret-argument',
      '--password=x',
    ]);
    const pid = String(target.pid);
    const live = run(['report', '-p', pid, '--json', '--record', 'a.ndjson', '-d', '500ms']);
    const text = readFileSync(here('a.ndjson'), 'utf8');
    const { hostname } = JSON.parse(live.output).host;
    expect(text).not.toContain('secret-argument');
    expect(text).not.toContain('password');
    expect(text).not.toContain(`"value":"${hostname}"`);
    expect(text).toMatch(/"hidden":\["host name","arguments of the target"/);
    const {
      host,
      target: shown,
      replayed,
      verdict,
      findings,
    } = JSON.parse(run(['report', '--from', 'a.ndjson', '--json']).output);
    expect(host.hostname).toBe('(host name hidden)');
    expect(shown.commandLine).toEqual(['/bin/sh', '(hidden)']);
    expect(replayed.notes.join(' ')).toMatch(/Hidden when it was saved: host name/);
    expect({ verdict, findings }).toEqual({
      verdict: JSON.parse(live.output).verdict,
      findings: JSON.parse(live.output).findings,
    });
    run(['report', '-p', pid, '--record', 'b.ndjson', '-d', '500ms', '--show-host']);
    expect(readFileSync(here('b.ndjson'), 'utf8')).toContain('secret-argument');
  });

  it('of a command that ended is its last one', () => {
    const { error } = run(['--record', 'cmd.ndjson.gz', '--', 'sleep', '0.3']);
    expect(error).toMatch(/recorded: cmd\.ndjson\.gz/);
    expect(run(['report', '--from', 'cmd.ndjson.gz']).output).toMatch(/ended/);
  });
});

it('a replay is written as an asciicast, to a new private file', () => {
  expect(run(['replay', recordingPath('demo'), '--asciicast', 'demo.cast'])).toMatchObject({
    status: 0,
    output: '',
    error: '',
  });
  expect(statSync(here('demo.cast')).mode & 0o7777).toBe(0o600);
  const [header = '', ...events] = readFileSync(here('demo.cast'), 'utf8').trimEnd().split('\n');
  expect(JSON.parse(header)).toMatchObject({ version: 3, term: { cols: 120 } });
  expect(events.join('')).toContain('THREAD_CPUTIME_ID enters the kernel');
  expect(run(['replay', recordingPath('demo'), '--asciicast', 'demo.cast'])).toMatchObject({
    status: 2,
    error: 'vdsotop: demo.cast cannot be written: it is there already; give another name\n',
  });
});

describe('files', () => {
  it("are their owner's alone", async () => {
    const target = await startForTest(demoPath);
    run(['report', '-p', String(target.pid), '-d', '300ms', '--record', 'mine.ndjson']);
    expect(statSync(here('mine.ndjson')).mode & 0o7777).toBe(0o600);
  });

  it('belong to who called it, under sudo', async () => {
    skipUnless(process.geteuid?.() === 0, 'only root may give a file away');
    const target = await startForTest(demoPath);
    const args = ['report', '-p', String(target.pid), '-d', '300ms', '--record', 'theirs.ndjson'];
    run(args, { env: { ...process.env, SUDO_UID: '65534', SUDO_GID: '65533' } });
    expect(statSync(here('theirs.ndjson'))).toMatchObject({ uid: 65_534, gid: 65_533, mode: 0o100600 });
  });

  it('are never written over or through a link; nothing is left behind then', async () => {
    const target = await startForTest(demoPath);
    writeFileSync(here('victim'), 'precious');
    symlinkSync(here('victim'), here('link'));
    symlinkSync(here('nowhere'), here('dangling'));
    for (const name of ['victim', 'link', 'dangling']) {
      const refused = run(['report', '-p', String(target.pid), '--record', name]);
      expect(refused).toMatchObject({ status: 2, output: '' });
      expect(refused.error).toBe(`vdsotop: ${name} cannot be created: it is there already; give another name\n`);
    }
    expect(run(['report', '-p', String(target.pid), '--record', 'no/such/folder/x']).error).toMatch(
      /no such file or folder/,
    );
    expect(readFileSync(here('victim'), 'utf8')).toBe('precious');
    expect(existsSync(here('nowhere'))).toBe(false);
    expect(lstatSync(here('link')).isSymbolicLink()).toBe(true);
  });

  const unheard = (option: string) =>
    new RegExp(`^vdsotop: ${option} says how to watch a process, .* or give -p PID instead of --from\n$`);
  it.each<[string, readonly string[], number, RegExp]>([
    ['is not there', ['replay', 'missing'], 2, /^vdsotop: missing cannot be opened: no such file or folder\n$/],
    ['is a folder', ['replay', '.'], 2, /^vdsotop: \. cannot be opened: it is a folder\n$/],
    ['is none', ['replay', demoPath], 2, /is not a capsule: it is no text\n$/],
    ['never ends', ['replay', '/dev/zero'], 2, /is damaged: it has a line of more than 16 MiB\n$/],
    ['is none, for a report', ['report', '--from', '/dev/null'], 2, /is not a capsule: it is empty\n$/],
    ['is to be recorded again', ['report', '--from', 'x', '--record', 'y'], 2, unheard('--record')],
    ['is to be watched for longer', ['report', '--from', 'x', '-d', '10m'], 2, unheard('--duration')],
    ['is to be watched more often', ['report', '--from', 'x', '-i', '1s'], 2, unheard('--interval')],
    ['is to be watched as a tree', ['report', '--from', 'x', '--children'], 2, unheard('--children')],
    ['is to be counted by', ['report', '--from', 'x', '--counter', 'bpf'], 2, unheard('--counter')],
    ['is to cost less', ['report', '--from', 'x', '--fast-calls', 'off'], 2, unheard('--fast-calls')],
    ['is to be traced by force', ['report', '--from', 'x', '--force'], 2, unheard('--force')],
    ['is to be printed as two forms', ['replay', 'x', '--json', '--asciicast', 'y'], 2, /: give one of them\n$/],
    ['is given beside a process', ['report', '--from', 'x', '-p', '1'], 2, /give one of them\n$/],
    [
      'is of a later format',
      ['replay', 'future'],
      5,
      /^vdsotop: future is a capsule of format 7, and this vdsotop reads/,
    ],
    ['has control characters in its name', ['replay', 'a\x1b[31mb'], 2, /^vdsotop: a\[31mb cannot be opened/],
  ])('a file that %s', (_, args, status, error) => {
    writeFileSync(here('future'), '{"capsule":7,"tool":{"name":"vdsotop","version":"9.0.0"}}\n');
    const refused = run(args);
    expect(refused).toMatchObject({ status, output: '' });
    expect(refused.error).toMatch(error);
    expect(readdirSync(here())).toEqual(['future']);
  });

  it('that may not be read says so', () => {
    skipUnless(process.geteuid?.() === 0, 'only root can run vdsotop as somebody else');
    writeFileSync(here('x.ndjson'), '');
    chmodSync(here('x.ndjson'), 0o600);
    chmodSync(here(), 0o755);
    const node = join(vdsotop, '../../node_modules/.bin/node');
    const cli = join(vdsotop, '../../dist/cli.js');
    const { status, stderr } = spawnSync(node, [cli, 'replay', here('x.ndjson')], {
      uid: 65_534,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: `vdsotop: ${here('x.ndjson')} cannot be opened: permission denied\n`,
    });
  });
});

describe('a recording of the live screen', () => {
  it('begins and ends with R, says how large it is, and tells its path at the end', async () => {
    mkdirSync(here('saved'));
    const live = open(['demo', '--out', 'saved']);
    await live.waitFor(/SLOW +.*LIVE/, 15_000);
    live.send('R');
    await live.waitFor(/● REC [\d.]+ K?i?B/);
    await live.waitFor(/recording to saved\/vdsotop-vdsotop-demo-\d+-\w+\.ndjson\.gz/);
    const bytes = () => Number(/REC ([\d.]+) /.exec(screenOf(live))?.[1] ?? 0);
    const before = bytes();
    await live.waitFor(() => bytes() > before, 10_000);
    live.send('R');
    await live.waitFor(/recorded: saved\/vdsotop-/);
    await live.waitFor((screen) => !/● REC/.test(screen));
    live.send('q');
    expect((await live.exit).code).toBe(0);
    const [file = ''] = readdirSync(here('saved'));
    expect(live.primary().join('\n')).toContain(`recorded: saved/${file} (`);
    const capsule = await openCapsule(here('saved', file), reading);
    expect(capsule).toMatchObject({ cutShort: false, leftOut: 0 });
    // What was sampled before the key is in it too.
    expect(capsule.snapshots[0]?.elapsedMs).toBeLessThan(1_500);
  }, 60_000);

  it('that was killed replays to its last whole record', async () => {
    const live = open(['demo', '--record', 'killed.ndjson.gz']);
    await live.waitFor(/SLOW +.*LIVE/, 15_000);
    await live.waitFor(/● REC/);
    const file = here('killed.ndjson.gz');
    const recorded = () =>
      openCapsule(file, reading)
        .then(({ snapshots }) => snapshots.length)
        .catch(() => 0);
    // Each second is flushed.
    await expect.poll(recorded, { timeout: 20_000, interval: 300 }).toBeGreaterThan(5);
    const shown = screenOf(live);
    await live.kill('SIGKILL');
    const bytes = readFileSync(file);
    expect(() => gunzipSync(bytes)).toThrow(/unexpected end of file/);
    const capsule = await openCapsule(file, reading);
    expect(capsule.cutShort).toBe(true);
    expect(capsule.snapshots.length).toBeGreaterThan(5);
    const replayed = open(['replay', 'killed.ndjson.gz']);
    await replayed.waitFor(/SLOW +vdsotop-demo.*REPLAY PAUSED [\d.]+ s of [\d.]+ s/, 15_000);
    await replayed.waitFor(/It breaks off after \d+ records/);
    // The frame may be painted in part only.
    await replayed.waitFor(/q quit +\? help/);
    const clocks = (screen: string) => [...screen.matchAll(/^.{2} ?(\d+) ([A-Z_]+) +(\w+)/gm)].map((match) => match[0]);
    expect(clocks(screenOf(replayed))).toEqual(clocks(shown));
  }, 60_000);

  it('ends where the disk is full, and nothing else does', async ({ skip }) => {
    // A disk that nobody else sees, and that goes with the process.
    const disk = `mount -t tmpfs -o size=4m,mode=700 none . && cd "$PWD" && exec "$0" demo --record full.ndjson`;
    skip(spawnSync('unshare', ['-m', 'true']).status !== 0, 'no mount namespace may be made here');
    const live = startTerminal('unshare', ['-m', '/bin/sh', '-c', disk, vdsotop], { cwd: here() });
    terminal = live;
    await live.waitFor(/SLOW +.*LIVE/, 15_000);
    const onDisk = (name: string) => `/proc/${live.pid}/root${here()}/${name}`;
    const recorded = () =>
      openCapsule(onDisk('full.ndjson'), reading)
        .then(({ snapshots }) => snapshots.length)
        .catch(() => 0);
    await expect.poll(recorded, { timeout: 20_000, interval: 300 }).toBeGreaterThan(5);
    const before = await recorded();
    // However large the records are here, what somebody else writes leaves room for no more than ends the page they stand in.
    expect(() => writeFileSync(onDisk('filler'), Buffer.alloc(8 * 1024 * 1024))).toThrow(/ENOSPC/);
    await live.waitFor(/NOT RECORDED: no space left on the/, 20_000);
    await sleep(1_200);
    expect(screenOf(live)).toMatch(/LIVE/);
    const written = readFileSync(onDisk('full.ndjson'));
    live.send('q');
    expect((await live.exit).code).toBe(0);
    expect(live.primary().join('\n')).toMatch(/recorded until no space left on the disk: full\.ndjson/);
    writeFileSync(here('full.ndjson'), written);
    const { output } = run(['replay', 'full.ndjson']);
    expect(output).toMatch(/^SLOW: vdsotop-demo/);
    const [, records] = /It breaks off after\s+(\d+)\s+records/.exec(output) ?? [];
    expect(Number(records)).toBeGreaterThanOrEqual(before);
  }, 60_000);

  it('that breaks off after its first moment says so, and claims nothing of a time that has not passed', async () => {
    const target = await startForTest(demoPath);
    run(['report', '-p', String(target.pid), '-d', '500ms', '--record', 'all.ndjson']);
    const [header = '', first = ''] = readFileSync(here('all.ndjson'), 'utf8').split('\n');
    writeFileSync(here('one.ndjson'), `${header}\n${first}\n`);
    const replayed = run(['replay', 'one.ndjson']);
    expect(replayed).toMatchObject({ status: 0, error: '' });
    expect(replayed.output).toMatch(/^UNKNOWN[\s\S]*No verdict yet: watching begins at this moment/);
    expect(replayed.output).toMatch(/It breaks off after\s+1\s+record\./);
    const { cost, window } = JSON.parse(run(['replay', 'one.ndjson', '--json']).output);
    expect(window.seconds).toBe(0);
    expect(cost.coreShare).toBeGreaterThan(0);
    expect(cost.coreShare).toBeLessThanOrEqual(availableParallelism());
  });

  it("ends at the limit of a file's size, and nothing else does", async () => {
    terminal = startTerminal(
      '/bin/sh',
      ['-c', 'ulimit -f 256; exec "$0" demo -i 100ms --record large.ndjson', vdsotop],
      {
        cwd: here(),
      },
    );
    await terminal.waitFor(/NOT RECORDED: it is as large as files/, 40_000);
    await sleep(1_200);
    expect(screenOf(terminal)).toMatch(/LIVE/);
    terminal.send('q');
    expect((await terminal.exit).code).toBe(0);
    expect(terminal.primary().join('\n')).toMatch(
      /recorded until it is as large as files may be here \(ulimit -f\): large/,
    );
    expect(run(['replay', 'large.ndjson']).output).toMatch(/^SLOW: vdsotop-demo/);
  }, 60_000);
});

describe('the screen of a replay', () => {
  it('plays, pauses, steps, jumps and shows every panel', async () => {
    const live = open(['replay', recordingPath('demo')]);
    const at = () => Number(/REPLAY (?:PAUSED )?([\d.]+) s of/.exec(screenOf(live))?.[1] ?? Number.NaN);
    await live.waitFor(
      /SLOW +vdsotop-demo \(pid \d+\).*REPLAY PAUSED ([\d.]+) s of \1 s +2026-11-28 \d\d:\d\d:\d\d UTC/,
      15_000,
    );
    await live.waitFor(/Hidden when it was saved: host name/);
    const end = at();
    live.send(',');
    await live.waitFor(() => at() < end);
    live.send('0');
    await live.waitFor(/REPLAY PAUSED 0\.0? ?s? ?/);
    await live.waitFor(() => at() === 0);
    await live.waitFor(/No verdict yet: watching begins at this moment/);
    live.send('.');
    await live.waitFor(() => at() > 0);
    live.send(' ');
    await live.waitFor(/REPLAY [\d.]+ s of/);
    await live.waitFor(() => at() > 2, 10_000);
    live.send('$');
    await live.waitFor(() => at() === end);
    await live.waitFor(/REPLAY PAUSED/);
    live.send('<');
    await live.waitFor(() => at() === 0);
    live.send('>');
    await live.waitFor(() => at() === end);
    for (const [key, panel] of [
      ['x', /\[why[\s\S]*no help/],
      ['c', /\[call sites: \w+\]/],
      ['v', /\[mappings\]/],
      ['e', /\[\w+ ns per call, linear\]/],
      ['?', /\[keys|keys/],
    ] as const) {
      live.send(key);
      await live.waitFor(panel);
      await sleep(200);
      live.send(keys.Escape);
      await live.waitFor(/q quit +\? help/);
      await sleep(200);
    }
    for (const key of ['r', 't', 'R']) {
      live.send(key);
      await live.waitFor(/not in a replay/);
      await live.waitFor((screen) => !/not in a replay/.test(screen), 6_000);
    }
    live.send('q');
    expect((await live.exit).code).toBe(0);
    expect(readdirSync(here())).toEqual([]);
  }, 60_000);

  it('stands where it belongs, whatever is typed while it starts and wherever the cursor stood', async () => {
    const beside = ['-c', 'printf "not at the first column"; exec "$0" "$@"', vdsotop, 'replay', recordingPath('demo')];
    terminal = startTerminal('/bin/sh', beside, { cwd: here() });
    const live = terminal;
    const typing = setInterval(() => live.send(','), 5);
    await live.waitFor(/REPLAY PAUSED/, 15_000).finally(() => clearInterval(typing));
    await live.waitFor(/q quit +\? help/);
    live.send('$');
    await live.waitFor(/REPLAY PAUSED ([\d.]+) s of \1 s/);
    expect(live.screen()[0]).toMatch(/^ SLOW +vdsotop-demo \(pid \d+\).*REPLAY PAUSED.* UTC$/);
    expect(live.screen().at(-1)).toMatch(/^ q quit.*[^,]$/);
  }, 30_000);

  it('of a command shows its exec and its end', async () => {
    const live = open(['replay', recordingPath('command')]);
    await live.waitFor(/pid \d+\).*REPLAY PAUSED/, 15_000);
    await live.waitFor(/the target ended/);
    live.send('0');
    await live.waitFor((screen) => !/the target ended/.test(screen));
  }, 30_000);
});
