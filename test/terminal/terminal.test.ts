import { expect, it, onTestFinished } from 'vitest';
import { keys } from './keys.ts';
import { startTerminal, type Terminal, type TerminalOptions } from './terminal.ts';

function shell(script: string, options: TerminalOptions = {}): Terminal {
  const terminal = startTerminal('sh', ['-c', script], options);
  onTestFinished(async () => {
    await terminal.kill();
  });
  return terminal;
}

it('shows what a program prints, in a terminal of the size asked for', async () => {
  const terminal = shell('stty size; test -t 1 && echo on a terminal', { columns: 60, rows: 15 });
  expect(await terminal.exit).toEqual({ code: 0, signal: undefined });
  expect(terminal.screen()).toHaveLength(15);
  expect(terminal.screen().slice(0, 2)).toEqual(['15 60', 'on a terminal']);
});

it('sends keys, and waits for what they bring', async () => {
  const terminal = shell('stty raw -echo; printf ready; dd bs=1 count=3 2>/dev/null | od -An -tx1');
  await terminal.waitFor(/ready/);
  terminal.send(keys.Right);
  await terminal.waitFor(/1b 5b 43/);
  expect((await terminal.exit).code).toBe(0);
});

it('tells how a program ended', async () => {
  expect(await shell('exit 7').exit).toEqual({ code: 7, signal: undefined });
  expect(await shell('kill -TERM $$').exit).toEqual({ code: 0, signal: 'SIGTERM' });
  expect(await shell('exec sleep 60').kill('SIGINT')).toEqual({ code: 0, signal: 'SIGINT' });
});

it('tells the program of a new size', async () => {
  const terminal = shell(`trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done`);
  await terminal.waitFor(/ready/);
  terminal.resize(77, 22);
  await terminal.waitFor(/^22 77$/m);
  expect(terminal.screen()).toHaveLength(22);
});

it('keeps the primary screen apart from the alternate one', async () => {
  const terminal = shell(String.raw`echo before; printf '\033[?1049hinside'; read x; printf '\033[?1049l'; echo after`);
  await terminal.waitFor(/inside/);
  expect(terminal.onAlternateScreen()).toBe(true);
  expect(terminal.screen().join('\n')).not.toContain('before');
  terminal.send(keys.Enter);
  await terminal.exit;
  expect(terminal.onAlternateScreen()).toBe(false);
  expect(terminal.primary().join('\n')).toMatch(/^before\n[\s\S]*after$/);
});

it('reads the colours and weights of cells', async () => {
  const red = String.raw`\033[31mR\033[0;1;38;5;200mB\033[0;7;48;2;1;2;255mI\033[0mp`;
  const terminal = shell(`printf '${red}'`);
  await terminal.exit;
  const [r, b, i, p, blank] = terminal.cells()[0] ?? [];
  expect(r).toMatchObject({ text: 'R', foreground: 1, background: 'default', bold: false, inverse: false });
  expect(b).toMatchObject({ text: 'B', foreground: 200, bold: true });
  expect(i).toMatchObject({ text: 'I', background: '#0102ff', inverse: true });
  expect(p).toMatchObject({ text: 'p', foreground: 'default', background: 'default' });
  expect(blank?.text).toBe(' ');
});

it('says what stood on the screen when it waited in vain', async () => {
  const terminal = shell('echo something else; sleep 60');
  await terminal.waitFor(/something/);
  await expect(terminal.waitFor(/expected/, 50)).rejects.toThrow(/waited 50 ms[\s\S]*something else/);
  const ended = shell('echo last words; exit 3');
  await expect(ended.waitFor(/expected/, 5000)).rejects.toThrow(/ended with 3[\s\S]*last words/);
});
