import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { skipWithoutBreakpoints, whyNoBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { keys } from '../terminal/keys.ts';
import { startTerminal, type Terminal, type TerminalOptions } from '../terminal/terminal.ts';
import { terminalEnvironment } from '../terminal/terminal-environment.ts';
import { demoPath } from './programs.ts';
import { vdsotop } from './run-vdsotop.ts';
import { startForTest } from './start-for-test.ts';

/** The real program in a real pseudo-terminal on real workloads; what is asserted is what a user would read. */
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.kill();
  terminal = undefined;
});

function open(args: readonly string[], options: TerminalOptions = {}): Terminal {
  terminal = startTerminal(vdsotop, args, options);
  return terminal;
}

const liveDemo = async (options?: TerminalOptions) => {
  const opened = open(['demo'], options);
  await opened.waitFor(/SLOW +.*LIVE/, 15_000);
  await opened.waitFor(/THREAD_CPUTIME/);
  return opened;
};

const aFrameMs = 200;

/** Escape alone: the key after it must not come in the same breath, or both are one Alt key. */
async function back(live: Terminal): Promise<void> {
  // The frame waited for before may be painted in part only.
  await sleep(aFrameMs);
  live.send(keys.Escape);
  await sleep(aFrameMs);
  await live.waitFor(/q quit +\? help/);
}

function selectedClock(live: Terminal): string | undefined {
  return /why: (\w+)/.exec(live.screen().join('\n'))?.[1];
}

/** '20 k', '9.98 k' or '512' in the kernel-entries column of a clock's row. */
function entriesPerSecond(screen: readonly string[], clock: string): number {
  const heading = screen.find((line) => /id clock +path/.test(line)) ?? '';
  const row = screen.find((line) => new RegExp(`^.{2} ?\\d+ ${clock}`).test(line)) ?? '';
  // Numbers stand under the end of their heading.
  const upTo = row.slice(0, heading.search(/kernel\/s/) + 'kernel/s'.length);
  const [, number = 'NaN', k] = /([\d.]+)( k)?$/.exec(upTo) ?? [];
  return Number(number) * (k ? 1_000 : 1);
}

describe('the live screen on the demo workload', () => {
  it('shows the cause first, the counts of the workload, and every panel; every key does what help says', async () => {
    const live = await liveDemo({ columns: 160 });
    const demo = demoOn(live);
    await live.waitFor((screen) => entriesPerSecond(screen.split('\n'), 'THREAD_CPUTIME_ID') > 19_000);
    expect(entriesPerSecond(live.screen(), 'THREAD_CPUTIME_ID')).toBeGreaterThan(20_000 * 0.95);
    expect(entriesPerSecond(live.screen(), 'THREAD_CPUTIME_ID')).toBeLessThan(20_000 * 1.05);
    expect(entriesPerSecond(live.screen(), 'REALTIME')).toBeGreaterThan(10_000 * 0.95);
    expect(entriesPerSecond(live.screen(), 'REALTIME')).toBeLessThan(10_000 * 1.05);
    await live.waitFor(/CONFIRMED {2}no kernel's vDSO serves this clock/);
    const first = live.screen();
    expect(first.slice(0, 3).join(' ').replace(/ +/g, ' ')).toMatch(
      /THREAD_CPUTIME_ID enters the kernel .* no kernel's vDSO serves this clock/,
    );
    expect(first.join('\n')).toMatch(/CONFIRMED {2}no kernel's vDSO serves this clock/);
    expect(first.join('\n')).toMatch(
      whyNoBreakpoints === undefined
        ? /MONOTONIC +fast +vDSO .* 0 +[\d.]+ ns/
        : /MONOTONIC +(unknown|\?) .* 0 +[\d.]+ ns/,
    );
    await live.waitFor(/\[vdso\] +[0-9a-f]+(?:–[0-9a-f]+)? +r-xp/);
    expect(first.join('\n')).toMatch(/slow-cputime/);
    expect(first.join('\n')).toMatch(/vdsotop [\d.]+ % of a core/);

    // Slow clocks stand first, so which row is which depends on what was measured: a move is there and back again.
    const start = selectedClock(live);
    for (const [there, andBack] of [
      [keys.Right, keys.Left],
      [']', '['],
      ['l', 'h'],
    ] as const) {
      live.send(there);
      await live.waitFor(() => selectedClock(live) !== start);
      live.send(andBack);
      await live.waitFor(() => selectedClock(live) === start);
    }
    live.send('3');
    await live.waitFor(/why: MONOTONIC\b/);
    live.send('1');
    await live.waitFor(() => selectedClock(live) !== 'MONOTONIC');

    live.send(keys.Space);
    await live.waitFor(/PAUSED/);
    live.send(',');
    await live.waitFor(/PAUSED +\+?[\d.]+ ?s/);
    live.send('.');
    live.send(keys.Space);
    await live.waitFor(/LIVE/);

    live.send('?');
    await live.waitFor(/pause or resume/);
    await back(live);
    live.send('v');
    await live.waitFor(/\[mappings\]/);
    await back(live);
    live.send('x');
    await live.waitFor(/\[why[\s\S]*no help/);
    await back(live);
    live.send('c');
    await live.waitFor(/\[call sites: \w+\]/);
    await back(live);
    live.send('e');
    await live.waitFor(/\[\w+ ns per call, linear\]/);
    live.send('L');
    await live.waitFor(/\[\w+ ns per call, log\]/);
    await back(live);
    live.send(keys.Tab);
    live.send(keys.Down);
    live.send(keys.Up);
    live.send('+');
    await live.waitFor(/interval|1 s/);
    live.send('-');
    live.send('r');
    await live.waitFor(/anew|reset/i);

    live.send('t');
    await live.waitFor(/perf trace/);
    live.send('n');
    live.send('q');
    const { code } = await live.exit;
    expect(code).toBe(0);
    expect(live.onAlternateScreen()).toBe(false);
    const summary = live.primary().filter((line) => line.trim() !== '');
    expect(summary, summary.join('\n')).toHaveLength(5);
    expect(summary.at(-1)).toMatch(/target never stopped$/);
    expect(isRunning(demo)).toBe(false);
  }, 60_000);

  it('asks for the perf trace that an option names, and leaves the target alone on n', async () => {
    const live = open(['demo', '--perf-trace', '700ms', '--force']);
    await live.waitFor(/perf trace for 0\.7 s would cost the target .* \(\d+ calls\/s/, 15_000);
    live.send('n');
    await live.waitFor(/\[clocks\]/);
    expect(live.output()).not.toContain('perf trace is counting');
  });

  it('names who reads each clock on either side, and how many reads stay in the vDSO', async () => {
    skipWithoutBreakpoints();
    const live = await liveDemo({ columns: 160 });
    await live.waitFor(/call sites: THREAD_CPUTIME_ID[\s\S]* kernel +\d+ % +read_thread_cputime\+0x[0-9a-f]+/, 15_000);
    await live.waitFor(/thread slow-cputime \d+/);
    await live.waitFor(/ MONOTONIC +fast +vDSO +≈[\d.]+/, 15_000);
    live.send('3');
    await live.waitFor(/call sites: MONOTONIC[\s\S]* vDSO +\d+ % +read_monotonic\+0x[0-9a-f]+/, 15_000);
    live.send('q');
    expect((await live.exit).code).toBe(0);
    expect(live.primary().join(' ')).toMatch(/clock: THREAD_CPUTIME_ID.* % from read_thread_cputime\+0x/);
  }, 60_000);

  it.each([
    { columns: 60, rows: 15 },
    { columns: 80, rows: 24 },
    { columns: 200, rows: 60 },
  ])('fits $columns×$rows with the answer on top', async (size) => {
    const live = await liveDemo(size);
    await live.waitFor(/no kernel's vDSO/);
    const screen = live.screen();
    expect(screen.slice(0, 3).join(' ')).toMatch(/THREAD_CPUTIME_ID enters the kernel/);
    expect(screen.at(-1)).toMatch(/q quit/);
    live.resize(100, 30);
    await live.waitFor((text) => text.split('\n')[29]?.includes('q quit') === true);
    live.resize(30, 8);
    await live.waitFor(/THREAD_CPUTIME_ID/);
    live.send('q');
    expect((await live.exit).code).toBe(0);
  });

  it('says the same without colour, and writes no colour', async () => {
    const live = await liveDemo({ env: terminalEnvironment({ NO_COLOR: '1' }) });
    await live.waitFor(/CONFIRMED/);
    expect(live.output()).not.toMatch(/\u001b\[(?:3[0-7]|9[0-7]|4[0-7]|38|48)[;m]/);
    live.send('q');
    await live.exit;
  });

  it('draws in ASCII alone where the locale knows no more', async () => {
    const live = await liveDemo({ env: terminalEnvironment({ LANG: 'C', LC_ALL: 'C' }) });
    expect(live.screen().join('')).not.toMatch(/[^\u0000-\u007f]/);
    live.send('q');
    await live.exit;
  });

  it('is a live screen with CI in the environment too, and a plain report on a dumb terminal', async () => {
    const live = await liveDemo({ env: terminalEnvironment({ CI: 'true' }) });
    live.send(keys.CtrlC);
    expect((await live.exit).code).toBe(0);
    const dumb = open(['demo'], { env: terminalEnvironment({ TERM: 'dumb' }), rows: 200 });
    expect((await dumb.exit).code).toBe(0);
    expect(dumb.screen().join('\n')).toMatch(/SLOW: vdsotop-demo/);
    expect(dumb.output()).not.toContain('\u001b[');
  });
});

describe('what happens to the target or the terminal', () => {
  it('a target that ends leaves its last screen, marked ENDED and still usable', async () => {
    const target = await startForTest(demoPath, ['--seconds', '3']);
    const live = open(['-p', String(target.pid)]);
    await live.waitFor(/ENDED/, 15_000);
    expect(live.screen().join('\n')).toMatch(/THREAD_CPUTIME_ID enters the kernel/);
    for (const key of ['t', 'r']) {
      live.send(key);
      await live.waitFor(/the target has ended: nothing more is measured of it/);
      await live.waitFor((screen) => !/nothing more is measured/.test(screen), 10_000);
    }
    live.send(keys.Right);
    live.send('?');
    await live.waitFor(/pause or resume/);
    live.send('q');
    expect((await live.exit).code).toBe(0);
  });

  it('notices that the target became another program', async () => {
    const target = await startForTest('sh', ['-c', `sleep 2.5; exec "${demoPath}" --seconds 20`]);
    const live = open(['-p', String(target.pid)]);
    await live.waitFor(/\bsh\b/, 15_000);
    await live.waitFor(/vdsotop-demo/, 15_000);
    await live.waitFor(/THREAD_CPUTIME_ID enters the kernel/, 15_000);
    live.send('q');
    await live.exit;
  });

  it.each(['SIGHUP', 'SIGTERM'] as const)('gives the terminal back on %s', async (signal) => {
    const live = await liveDemo();
    const demo = demoOn(live);
    process.kill(live.pid, signal);
    await live.exit;
    expect(live.onAlternateScreen()).toBe(false);
    expect(live.output()).toContain('\u001b[?25h');
    await expect.poll(() => isRunning(demo)).toBe(false);
  });

  it('stops on Ctrl-Z and comes back with fg', async () => {
    const shell = startTerminal('bash', ['--norc', '--noprofile', '-i'], {
      env: terminalEnvironment({ PS1: 'prompt> ' }),
    });
    terminal = shell;
    await shell.waitFor(/prompt>/);
    shell.send(`${vdsotop} demo\r`);
    await shell.waitFor(/SLOW +.*LIVE/, 15_000);
    shell.send(keys.CtrlZ);
    await shell.waitFor(/Stopped/);
    expect(shell.onAlternateScreen()).toBe(false);
    shell.send('fg\r');
    await shell.waitFor(/SLOW +.*LIVE/, 15_000);
    shell.send('q');
    await shell.waitFor(/target never stopped/);
    await shell.waitFor(/never stopped[\s\S]*prompt>/);
    shell.send('exit\r');
    await shell.exit;
  });

  it('leaves nothing behind on SIGKILL: the demo ends with it', async () => {
    const live = await liveDemo();
    const demo = demoOn(live);
    expect(isRunning(demo)).toBe(true);
    await live.kill('SIGKILL');
    await expect.poll(() => isRunning(demo), { timeout: 5_000 }).toBe(false);
  });
});

describe('the picker', () => {
  it('lists processes, filters, and attaches with Enter', async () => {
    const target = await startForTest(demoPath, ['--seconds', '30']);
    const live = open([]);
    await live.waitFor(/vdsotop-demo|filter/i, 15_000);
    live.send('/');
    // Other demos may run on this host.
    live.send(`vdsotop-demo ${target.pid}`);
    await live.waitFor((screen) => screen.includes('vdsotop-demo') && screen.includes(String(target.pid)));
    live.send(keys.Enter);
    live.send(keys.Enter);
    await live.waitFor(/SLOW +.*LIVE/, 15_000);
    live.send('q');
    expect((await live.exit).code).toBe(0);
  });
});

/** The demo workload that the screen names. */
function demoOn(live: Terminal): number {
  return Number(/vdsotop-demo \(pid (\d+)\)/.exec(live.screen().join('\n'))?.[1]);
}

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
