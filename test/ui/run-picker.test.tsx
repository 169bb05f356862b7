import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../src/model/process-row.ts';
import { runPicker } from '../../src/ui/run-picker.tsx';
import { fakeTerminal, see } from './fake-terminal.ts';

const process = (pid: number, comm: string): ProcessRow => ({
  pid,
  comm,
  commandLine: `/usr/bin/${comm} --serve`,
  uid: 33,
  user: 'www-data',
  threads: 4,
  cpuTicks: 0,
  startTimeTicks: pid,
});

async function start(
  initialFilter = '',
  list = () => [process(10, 'alpha'), process(20, 'beta'), process(30, 'gamma')],
) {
  const terminal = fakeTerminal(80, 20);
  const { stdin, stdout } = terminal;
  const picked = runPicker(list, initialFilter, { stdin, stdout });
  await see(terminal, 'whose clock reads?');
  return { terminal, picked };
}

describe('the picker', () => {
  it('attaches to the marked process', async () => {
    const { terminal, picked } = await start();
    terminal.press('j');
    await see(terminal, /> +20 beta/);
    terminal.press('\r');
    expect(await picked).toBe(20);
    expect(await terminal.onAlternateScreen()).toBe(false);
  });

  it('filters what is typed after /, and Enter means what was typed before it, even in one read', async () => {
    const { terminal, picked } = await start();
    terminal.press('/gam\r');
    expect(await picked).toBe(30);
  });

  it('takes q as a letter while the filter is typed, and Backspace shortens it', async () => {
    const { terminal, picked } = await start();
    terminal.press('/q');
    await see(terminal, 'no process matches');
    terminal.press('\u007f');
    await see(terminal, 'alpha');
    terminal.press('\u001b');
    await see(terminal, '/ to filter');
    terminal.press('q');
    expect(await picked).toBeUndefined();
  });

  it('starts with the filter it is given', async () => {
    const { terminal, picked } = await start('beta');
    const screen = await see(terminal, 'filter: beta');
    expect(screen).not.toContain('alpha');
    terminal.press('\r');
    expect(await picked).toBe(20);
  });

  it('is left without a choice by Ctrl-C', async () => {
    const { terminal, picked } = await start('beta');
    terminal.press('\u0003');
    expect(await picked).toBeUndefined();
    expect(terminal.isRaw()).toBe(false);
  });

  it('reads the list again, and does not attach when nothing matches', async () => {
    let processes = [process(10, 'alpha')];
    const { terminal, picked } = await start('late', () => processes);
    terminal.press('\r');
    await see(terminal, 'no process matches');
    processes = [...processes, process(99, 'latecomer')];
    await see(terminal, /> +99 latecomer/);
    terminal.press('\r');
    expect(await picked).toBe(99);
  });
});
