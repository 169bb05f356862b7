import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractCapsuleText } from '../../src/capsule/extract-capsule-text.ts';
import { type Started, start } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';
import { skipUnless } from '../skip-unless.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { keys } from '../terminal/keys.ts';
import { startTerminal, type Terminal } from '../terminal/terminal.ts';
import { runVdsotop, vdsotop } from './run-vdsotop.ts';

/** What a program may call itself, its threads, functions and files, each short enough for the name of a thread. */
const pieces = {
  colours: '\x1b[31;7m',
  'the whole screen': '\x1b[2J\x1b[H',
  'a title': '\x1b]0;own\x07',
  'the clipboard': '\x1b]52;c;eA==\x07',
  'a link': '\x1b]8;;http://x\x07',
  'C1 controls': '\xc2\x9b31m\xc2\x9d0;x\xc2\x9c',
  'lines and tabs': 'a\nb\tc\rd',
  'right to left': '\xe2\x80\xaegpj.exe',
  'what has no width': 'a\xe2\x80\x8bb\xef\xbb\xbfc',
  'wide letters': '\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e',
  'a family': '\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7',
  'combining marks': 'e\xcc\x81\xcc\x81\xcc\x81\xcc\x81',
  'bytes that are no UTF-8': '\xff\xfe\xc3(',
  markup: '</text><script>',
  'other markup': '"]]>--><!-- &x;',
  Markdown: '|`b`|[x](y)',
  'a metric': '"}1\\n{a="',
  'an option': '-rf ..',
} as const;
const all = Object.values(pieces);
const bytes = (text: string) => Buffer.from(text, 'latin1');

/** Control characters but the line feed, halves of characters, and what turns or hides text; never printed, nor written. */
const unsafe = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\u2028\u2029\ufeff]|\p{Cs}/u;

const here = temporaryDirectory();
let target: Started | undefined;
const at = (name: string) => join(here, name);

function strings(found: unknown): readonly string[] {
  if (typeof found === 'string') return [found];
  return typeof found === 'object' && found !== null ? Object.values(found).flatMap(strings) : [];
}

/** A file with the placeholder for a symbol's name replaced by as many bytes of hostile text. */
function patched(from: string, placeholder: string, to: Buffer): void {
  const file = readFileSync(from);
  const start = file.indexOf(`${placeholder}_0123456789`);
  const end = file.indexOf(0, start);
  const name = bytes(all.join('').repeat(2)).subarray(0, end - start);
  expect(start).toBeGreaterThan(0);
  writeFileSync(to, Buffer.concat([file.subarray(0, start), name, file.subarray(end)]), { mode: 0o755 });
}

beforeAll(async () => {
  const folder = Buffer.concat([bytes(`${here}/`), bytes(all.join('').replaceAll('/', '')).subarray(0, 200)]);
  mkdirSync(folder);
  const program = Buffer.concat([folder, bytes('/p\x1b[31m\n|`<b>`')]);
  const library = Buffer.concat([folder, bytes('/l\r\xe2\x80\xae\n|`<b>`.so')]);
  patched(buildProgram('hostile-names'), 'program', program);
  patched(buildProgram('hostile-names', ['-DLIBRARY', '-shared', '-fPIC']), 'library', library);
  // Node hands arguments over as UTF-8: a shell with the bytes in its script starts what takes any.
  const quoted = [
    program,
    library,
    bytes(all.join(' ').replaceAll('\n', ' ')),
    bytes(pieces.markup),
    ...all.map(bytes),
    bytes('x'.repeat(4_096)),
  ];
  const words = quoted.map((word) =>
    Buffer.concat([bytes("'"), bytes(word.toString('latin1').replaceAll("'", "'\\''")), bytes("'")]),
  );
  writeFileSync(at('start.sh'), Buffer.concat([bytes('exec '), ...words.flatMap((word) => [word, bytes(' ')])]));
  target = await start('sh', [at('start.sh')], { env: { ...process.env, HOSTILE: all.join('').replaceAll('\0', '') } });
  expect(await target.line()).toBe('running');
});

afterAll(async () => {
  await target?.end();
  rmSync(`/tmp/perf-${target?.pid}.map`, { force: true });
});

const pid = () => String(target?.pid);
const run = (args: readonly string[]) => runVdsotop(args, { cwd: here });

describe('a process that calls itself, its threads, functions and files as it likes', () => {
  it('is told of in a report and in JSON, by letters alone', () => {
    const text = run(['report', '-p', pid(), '-d', '1500ms', '--record', 'recorded.ndjson']);
    expect(text).toMatchObject({ status: 0 });
    expect(text.output + text.error).not.toMatch(unsafe);
    expect(text.output).toMatch(/direct-syscall|issues the system call itself|REALTIME/);
    const json = run(['report', '-p', pid(), '-d', '1500ms', '--json']);
    expect(json.output).not.toMatch(unsafe);
    const report = JSON.parse(json.output);
    // What is checked is there: names of functions in a program, a library and in anonymous memory, and of threads.
    const kinds = new Set(
      report.callSites.map(
        (site: { place: { kind: string; symbol?: string } }) => site.place.symbol && site.place.kind,
      ),
    );
    expect(kinds).toEqual(new Set(['executable', 'library', 'anonymous']));
    for (const told of strings(report)) expect(told).not.toMatch(unsafe);
    expect(report.target).toMatchObject({ comm: '</text><script>', pid: target?.pid });
  });

  it('is recorded and replayed, compared and drawn: no file holds anything that a reader obeys', () => {
    const recorded = readFileSync(at('recorded.ndjson'));
    const text = (recorded[0] === 0x1f ? gunzipSync(recorded) : recorded).toString('utf8');
    expect(text).not.toMatch(unsafe);
    for (const line of text.trimEnd().split('\n'))
      for (const told of strings(JSON.parse(line))) expect(told).not.toMatch(unsafe);
    const outputs = ['svg', 'png', 'md', 'txt', 'ansi', 'html', 'json'];
    const drawn = run(['snapshot', '--from', 'recorded.ndjson', ...outputs.flatMap((ending) => ['-o', `x.${ending}`])]);
    expect(drawn).toMatchObject({ status: 0, error: '' });
    const file = (ending: string) => readFileSync(at(`x.${ending}`), 'utf8');
    for (const ending of ['svg', 'md', 'txt', 'html', 'json']) expect(file(ending)).not.toMatch(unsafe);
    // Colours are our own, and nothing but colours.
    expect(file('ansi').replaceAll(/\x1b\[[\d;]*m/g, '')).not.toMatch(unsafe);
    for (const ending of ['svg', 'html']) expect(file(ending)).not.toMatch(/<script|<b>|<!-- &x/);
    // Within code nothing is markup.
    const markup = file('md').replaceAll(/(?<!\\)`[^`\n]*`/g, '');
    expect(markup).toMatch(/\\<script>/);
    expect(markup).not.toMatch(/(?<!\\)<(script|b>)|(?<!\\)\]\(y\)/);
    const sites = file('md')
      .split('\n')
      .filter((line) => line.startsWith('| REALTIME | kernel |'));
    expect(sites).toHaveLength(3);
    for (const row of sites) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
    expect(extractCapsuleText(readFileSync(at('x.png')))).toBe(extractCapsuleText(readFileSync(at('x.svg'))));
    for (const args of [
      ['report', '--from', 'recorded.ndjson'],
      ['report', '--from', 'x.svg', '--json'],
      ['diff', 'recorded.ndjson', 'x.png'],
      ['diff', 'recorded.ndjson', 'x.png', '--markdown'],
      ['diff', 'recorded.ndjson', 'x.png', '--json'],
    ]) {
      const { output, error } = run(args);
      expect(output + error, args.join(' ')).not.toMatch(unsafe);
    }
    expect(run(['replay', 'recorded.ndjson', '--asciicast', 'x.cast'])).toMatchObject({ status: 0 });
    const frames = readFileSync(at('x.cast'), 'utf8').replaceAll(/\\u001b\[[\d;?]*[A-Za-z]/g, '');
    expect(frames).not.toMatch(unsafe);
    expect(frames).not.toMatch(/\\u00|\\u202e|\\u200b/);
  });

  it('leaves the live screen whole, whatever is shown of it', async () => {
    const live = open(['-p', pid()]);
    try {
      await live.waitFor(/LIVE/, 20_000);
      await live.waitFor(/REALTIME/, 20_000);
      expectWhole(live);
      for (const [key, shows] of [
        ['c', /\[call sites/],
        ['v', /\[mappings\]/],
        ['x', /\[why/],
      ] as const) {
        live.send(key);
        await live.waitFor(shows, 20_000);
        expectWhole(live);
        await back(live);
      }
      live.send('y');
      await live.waitFor(/copy:/, 20_000);
      expectWhole(live, undefined, /copy:/);
      await back(live);
      live.send('q');
      expect((await live.exit).code).toBe(0);
      expect(live.primary().join('\n')).not.toMatch(unsafe);
    } finally {
      await live.kill();
    }
  });

  it('is one row in the list of processes', async () => {
    const live = open([]);
    try {
      await live.waitFor(/whose clock reads/, 20_000);
      live.send('/');
      await live.waitFor(/filter:/, 20_000);
      live.send(pid());
      // Others may hold that number in their arguments.
      await live.waitFor((screen) => new RegExp(`^[> ] +${pid()} `, 'm').test(screen), 20_000);
      expectWhole(live, /vdsotop +whose clock reads/);
      live.send(keys.CtrlC);
      await live.exit;
    } finally {
      await live.kill();
    }
  });

  it('is named in errors and notes by letters alone', () => {
    for (const text of all.filter((one) => one !== pieces.markup)) {
      // As a person's argument it comes as text; what is no option is looked for by that name.
      const { output, error, status } = run([`-p${Buffer.from(text, 'latin1').toString('utf8')}`]);
      expect(output + error).not.toMatch(unsafe);
      expect(error.trimEnd().split('\n'), text).toHaveLength(1);
      expect([2, 3]).toContain(status);
    }
  });

  it('is known in a whole tree, by letters alone', () => {
    const { output, error } = run(['report', '-p', pid(), '-d', '700ms', '--children']);
    expect(output + error).not.toMatch(unsafe);
  });
});

describe('a process in a cgroup that is called as its owner likes', () => {
  // Of cgroup v2, or of v1 the hierarchy without controllers, in which nothing is limited.
  const root = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type, options]) => type === 'cgroup2' || (type === 'cgroup' && options?.includes('name=systemd')))?.[1];
  const group = Buffer.concat([bytes(`${root}/`), bytes('g\x1b[31m\r\xe2\x80\xae|`<b>`\xc3\xbc')]);
  let why: string | undefined;
  beforeAll(() => {
    try {
      mkdirSync(group);
      writeFileSync(Buffer.concat([group, bytes('/cgroup.procs')]), pid(), { flag: 'r+' });
    } catch (error) {
      why = `no cgroup can be made here: ${(error as Error).message.slice(0, 60)}`;
    }
  });
  afterAll(async () => {
    await target?.end();
    try {
      rmdirSync(group);
    } catch {
      // It was never made.
    }
  });

  it('is told with the group, by letters alone', () => {
    skipUnless(why === undefined, why ?? '');
    const { output } = run(['report', '-p', pid(), '-d', '300ms', '--json']);
    expect(output).not.toMatch(unsafe);
    expect(JSON.parse(output).target.cgroup).toMatchObject({ path: expect.stringMatching(/^\/g[^\x1b]*<b>`ü$/) });
  });
});

function open(args: readonly string[]): Terminal {
  return startTerminal(vdsotop, args, { cwd: here, columns: 120, rows: 30 });
}

/** Escape alone: the key before or after it must not come in the same breath, or both are one Alt key. */
async function back(live: Terminal): Promise<void> {
  await sleep(300);
  live.send(keys.Escape);
  await sleep(300);
  await live.waitFor(/q quit +\? help/, 20_000);
}

/** The rows that frame the screen are where they belong, every cell holds a letter, and no sequence came from the target. */
function expectWhole(live: Terminal, firstRow = /text.*LIVE/, lastRow = /quit/): void {
  const screen = live.screen();
  expect(screen).toHaveLength(30);
  expect(screen[0]).toMatch(firstRow);
  expect(screen.at(-1)).toMatch(lastRow);
  expect(screen.join('\n')).not.toMatch(unsafe);
  const controls = live.output().match(/\x1b\][^\x1b\x07]*|\x1bP[^\x1b]*/g) ?? [];
  expect(controls.filter((text) => /own|52;|http:\/\/x/.test(text))).toEqual([]);
  expect(live.output()).not.toMatch(/[\x00-\x06\x0b\x0c\x0e-\x1a\x80-\x9f\u202a-\u202e\u200b]/);
}
