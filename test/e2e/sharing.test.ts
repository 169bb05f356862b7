import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, TestRunner } from 'vitest';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { startTerminal, type Terminal } from '../terminal/terminal.ts';
import { terminalEnvironment } from '../terminal/terminal-environment.ts';
import { vdsotop } from './run-vdsotop.ts';

/** The keys that save and copy, in the real program on the real demo in a real pseudo-terminal. */
const here = folderForEachTest();
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.kill();
  terminal = undefined;
});

function environment(): Record<string, string> {
  const { DISPLAY, WAYLAND_DISPLAY, TMUX, STY, ...rest } = terminalEnvironment();
  return rest;
}

async function open(args: readonly string[] = [], columns = 160): Promise<Terminal> {
  terminal = startTerminal(vdsotop, ['demo', ...args], { env: environment(), cwd: here(), columns });
  await terminal.waitFor(/SLOW +.*LIVE/, 20_000);
  await terminal.waitFor(/THREAD_CPUTIME/);
  return terminal;
}

const lastRow = (live: Terminal) => live.screen().at(-1) ?? '';
const filesOf = (ending: string) => readdirSync(here()).filter((name) => name.endsWith(ending));
const textIn = (ending: string) => readFileSync(here(filesOf(ending)[0] ?? ''), 'utf8');

/** What the program asked the terminal to put on its clipboard, in order. */
function clipboards(live: Terminal): readonly string[] {
  return [...live.output().matchAll(/\u001b\]52;c;([^\u001b\u0007]*)\u001b\\/g)].map(([, base64 = '']) =>
    Buffer.from(base64, 'base64').toString('utf8'),
  );
}

describe('S', () => {
  it('saves pictures and Markdown of what is shown, says where, and says it again at the end', async () => {
    const live = await open();
    live.send('S');
    await live.waitFor(/saved vdsotop-vdsotop-demo-\d+-THREAD_CPUTIME_ID-\d{8}T\d{6}Z\.svg, \.png and \.md/, 10_000);
    const name = /saved (\S+)\.svg/.exec(lastRow(live))?.[1] ?? '';
    expect(readdirSync(here()).sort()).toEqual([`${name}.md`, `${name}.png`, `${name}.svg`]);
    for (const file of readdirSync(here())) expect(statSync(here(file)).mode & 0o7777).toBe(0o600);
    expect(live.output()).toMatch(new RegExp(`\\u001b\\]8;;file://[^\\u001b]*${here()}/${name}\\.svg\\u001b`));
    live.send('q');
    await live.exit;
    // The terminal breaks the line where it is full.
    expect(live.primary().join('')).toContain(`saved ${name}.svg, .png and .md`);
  });

  it('saves the paused moment, and every row of it as the terminal shows it', async () => {
    const live = await open([], 120);
    live.send('p');
    await live.waitFor(/PAUSED/);
    await sleep(1_500);
    live.send('\u0013');
    await live.waitFor(/saved vdsotop-/, 10_000);
    const svg = textIn('.svg').replaceAll('&gt;', '>').replaceAll('&lt;', '<');
    expect(svg).toMatch(/PAUSED \+\ds/);
    const table = live
      .screen()
      .slice(1, 12)
      .filter((row) => !/clocksource/.test(row));
    const words = table.flatMap((row) => row.split(/ {2,}|─+|[⠀-⣿]+/)).flatMap((part) => part.trim().split(' '));
    expect(words.length).toBeGreaterThan(40);
    for (const word of words) expect(svg).toContain(word);
  });

  it('saves twice in the same moment under two names, into another folder', async () => {
    const live = await open(['--out', here()]);
    live.send('p');
    await live.waitFor(/PAUSED/);
    live.send('S');
    await live.waitFor(/saved .*Z\.svg/, 10_000);
    live.send('S');
    await live.waitFor(/saved .*Z-2\.svg/, 10_000);
    expect(filesOf('.png')).toHaveLength(2);
  });

  it.each([
    ['Sq', [], ['.md', '.png', '.svg']],
    ['ysq', ['--clipboard', 'off'], ['-summary.txt']],
  ] as const)(
    '%s in one breath: leaves when the files are written, and says where they are',
    async (keys, args, endings) => {
      const live = await open(args);
      live.send(keys);
      expect((await live.exit).code).toBe(0);
      expect(live.primary().join('')).toMatch(/saved vdsotop-vdsotop-demo-/);
      expect(endings.map((ending) => filesOf(ending).length)).toEqual(endings.map(() => 1));
    },
  );

  it('says at the end what could not be saved any more', async () => {
    const live = await open(['--out', '/nowhere']);
    live.send('Sq');
    expect((await live.exit).code).toBe(0);
    expect(live.primary().join('')).toMatch(/\/nowhere\/\S+ cannot be created: no such file or folder/);
  });

  it('says what is wrong with a folder and goes on', async () => {
    const live = await open(['--out', '/nowhere']);
    live.send('S');
    await live.waitFor(/\/nowhere\/\S+ cannot be created: no such file or folder/, 10_000);
    live.send('q');
    expect((await live.exit).code).toBe(0);
  });
});

describe('y', () => {
  it('sends the text that its menu offers to the terminal, and writes it to a file too', async () => {
    const live = await open();
    for (const [index, [key, ending]] of (
      [
        ['s', '-summary.txt'],
        ['m', '.md'],
        ['j', '-report.json'],
        ['c', '-command.txt'],
      ] as const
    ).entries()) {
      live.send('y');
      await live.waitFor(/copy: Esc back {2}s summary {2}m Markdown {2}j JSON {2}c command line/);
      live.send(key);
      // The end of a long name may not fit, and the words are those of the copy before: the bytes are what is new.
      await live.waitFor(
        (screen) =>
          /sent to the terminal's clipboard.*; saved vdsotop-/.test(screen) && clipboards(live).length > index,
        10_000,
      );
      if (key !== 'c') expect(clipboards(live)[index]).toBe(textIn(ending));
      expect(clipboards(live)[index]?.length).toBeGreaterThan(20);
    }
    expect(JSON.parse(clipboards(live)[2] ?? '')).toMatchObject({ schema: 1, verdict: 'slow' });
    // A line end would run the command where it is pasted.
    expect(clipboards(live)[3]).toMatch(/\/bin\/vdsotop demo$/);
    // A file goes to others: it holds no path of ours, nor arguments.
    expect(textIn('-command.txt')).toMatch(/^vdsotop -p \d+$/);
  });

  it('keeps the command line whole in its file too with --show-host', async () => {
    const live = await open(['--show-host']);
    live.send('yc');
    await live.waitFor(/saved vdsotop-/, 10_000);
    expect(textIn('-command.txt')).toBe(clipboards(live)[0]);
    expect(textIn('-command.txt')).toMatch(/\/vdsotop demo --show-host/);
  });

  it('does nothing when its menu is left, and takes both keys in one breath', async () => {
    const live = await open();
    live.send('y');
    await live.waitFor(/copy: Esc back/);
    live.send('\u001b');
    await live.waitFor(/q quit {2}\? help/);
    expect(readdirSync(here())).toEqual([]);
    live.send('ys');
    await live.waitFor(/saved vdsotop-/, 10_000);
    expect(filesOf('-summary.txt')).toHaveLength(1);
  });

  it('copies nothing with --clipboard off, and still writes the file', async () => {
    const live = await open(['--clipboard', 'off']);
    live.send('ys');
    await live.waitFor(/not copied \(--clipboard off\); saved vdsotop-\S+/, 10_000);
    expect(clipboards(live)).toEqual([]);
  });

  it('says that no program of this host copies where none does', async () => {
    const live = await open(['--clipboard', 'native']);
    live.send('ys');
    await live.waitFor(/not copied: no wl-copy, xclip, xsel or tmux answers here/, 10_000);
    expect(clipboards(live)).toEqual([]);
  });
});

const whyNoTmux = existsSync('/usr/bin/tmux') ? undefined : 'tmux is not installed';

describe('y in a real tmux', () => {
  it.each([
    ['osc52', 'on', /sent to the terminal's clipboard/],
    ['native', 'off', /copied by tmux/],
  ] as const)('--clipboard %s reaches its buffer with set-clipboard %s', async (way, setClipboard, words) => {
    if (whyNoTmux !== undefined) TestRunner.getCurrentTest()?.context.skip(whyNoTmux);
    const socket = here('tmux');
    const tmux = (...args: readonly string[]) =>
      spawnSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
        encoding: 'utf8',
        env: environment(),
        cwd: here(),
      });
    const server = tmux('new-session', '-d', '-x', '160', '-y', '40', 'sleep 600');
    expect(server.status).toBe(0);
    try {
      tmux('set-option', '-s', 'set-clipboard', setClipboard);
      tmux('respawn-pane', '-k', `${vdsotop} demo --clipboard ${way}`);
      const screen = () => tmux('capture-pane', '-p').stdout;
      await until(() => /SLOW +.*LIVE/.test(screen()) && /THREAD_CPUTIME/.test(screen()));
      tmux('send-keys', 'y');
      await until(() => /copy: Esc back/.test(screen()));
      tmux('send-keys', 's');
      await until(() => words.test(screen()));
      await until(() => tmux('show-buffer').stdout === textIn('-summary.txt'));
      expect(tmux('show-buffer').stdout).toMatch(/^vdsotop: vdsotop-demo/);
    } finally {
      tmux('kill-server');
    }
  });
});

async function until(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`waited ${withinMs} ms in vain: ${holds}`);
    await sleep(100);
  }
}
