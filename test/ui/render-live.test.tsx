import { afterEach, describe, expect, it, vi } from 'vitest';
import { runLive } from '../../src/ui/render-live.tsx';
import { fakeSession } from './fake-session.ts';
import { type FakeTerminal, fakeTerminal, see } from './fake-terminal.ts';
import { frames } from './frames.ts';

async function start(columns = 80, rows = 24) {
  const terminal = fakeTerminal(columns, rows);
  const { stdin, stdout } = terminal;
  const left = runLive(fakeSession(frames.demo), { symbols: 'braille', stdin, stdout });
  await see(terminal, 'SLOW');
  return { terminal, left };
}

/** The primary screen with a cursor, and input as the shell wants it. */
async function expectRestored(terminal: FakeTerminal): Promise<void> {
  expect(await terminal.onAlternateScreen()).toBe(false);
  expect(terminal.isRaw()).toBe(false);
  expect(terminal.written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(terminal.written().lastIndexOf('\u001b[?25l'));
}

afterEach(() => vi.restoreAllMocks());

describe('runLive', () => {
  it('takes the alternate screen and raw input', async () => {
    const { terminal, left } = await start();
    expect(await terminal.onAlternateScreen()).toBe(true);
    expect(terminal.isRaw()).toBe(true);
    terminal.press('q');
    await left;
  });

  it('paints nothing while what is typed would be echoed', async () => {
    const terminal = fakeTerminal(80, 24);
    const { stdin, stdout } = terminal;
    const wasRaw: boolean[] = [];
    const write = stdout.write;
    stdout.write = function (this: typeof stdout, ...chunk: unknown[]) {
      wasRaw.push(terminal.isRaw());
      return Reflect.apply(write, this, chunk);
    };
    const left = runLive(fakeSession(frames.demo), { symbols: 'braille', stdin, stdout });
    await see(terminal, 'SLOW');
    expect(new Set(wasRaw)).toEqual(new Set([true]));
    terminal.press('q');
    await left;
  });

  it.each([
    ['q', 80, 24],
    ['\u0003', 80, 24],
    ['q', 20, 3],
    ['\u0003', 20, 3],
  ])('is left with %j on %d × %d, the terminal restored', async (key, columns, rows) => {
    const { terminal, left } = await start(columns, rows);
    terminal.press(key);
    expect(await left).toEqual({ kind: 'quit' });
    await expectRestored(terminal);
  });

  it.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('is left on %s, the terminal restored', async (signal) => {
    const { terminal, left } = await start();
    const others = process.listeners(signal).length;
    process.emit(signal);
    expect(await left).toEqual({ kind: 'signal', signal });
    await expectRestored(terminal);
    expect(process.listeners(signal).length).toBeLessThan(others);
  });

  it('is left when its terminal is gone', async () => {
    const { terminal, left } = await start();
    terminal.hangUp();
    expect(await left).toEqual({ kind: 'terminal-gone' });
  });

  it('gives the terminal back on Ctrl-Z, stops only itself, and comes back with SIGCONT', async () => {
    const { terminal, left } = await start();
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    terminal.press('\u001a');
    await expect.poll(() => kill.mock.calls).toEqual([[process.pid, 'SIGTSTP']]);
    await expectRestored(terminal);
    process.emit('SIGCONT');
    await see(terminal, 'SLOW');
    expect(await terminal.onAlternateScreen()).toBe(true);
    expect(terminal.isRaw()).toBe(true);
    terminal.press('q');
    await left;
  });

  it('comes back by itself where no shell could resume it', async () => {
    const { terminal, left } = await start();
    vi.spyOn(process, 'kill').mockReturnValue(true);
    process.emit('SIGTSTP');
    await expect.poll(() => terminal.isRaw()).toBe(false);
    await expect.poll(() => terminal.isRaw()).toBe(true);
    await see(terminal, 'SLOW');
    terminal.press('q');
    await left;
  });

  it('draws the whole screen anew on Ctrl-L', async () => {
    const { terminal, left } = await start();
    terminal.stdout.write('\u001b[5;1Hrubbish from elsewhere');
    await see(terminal, 'rubbish');
    terminal.press('\u000c');
    await see(terminal, 'rubbish', false);
    await see(terminal, 'SLOW');
    terminal.press('q');
    await left;
  });
});
