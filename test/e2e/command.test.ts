import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { keys } from '../terminal/keys.ts';
import { startTerminal, type Terminal } from '../terminal/terminal.ts';
import { terminalEnvironment } from '../terminal/terminal-environment.ts';
import { processesWith } from './processes-with.ts';
import { vdsotop } from './run-vdsotop.ts';
import { startVdsotop } from './start-vdsotop.ts';

/** `vdsotop -- CMD` on a terminal: what becomes of the command when the screen is left, and what is said of it. */
const here = folderForEachTest();
let terminal: Terminal | undefined;
afterEach(async () => {
  await terminal?.kill();
  terminal = undefined;
  writeFileSync(here('stop'), '');
  await expect.poll(() => processesWith(here()), patient).toEqual([]);
});

const patient = { timeout: 15_000, interval: 50 };
const appears = (name: string) => expect.poll(() => existsSync(here(name)), patient).toBe(true);
/** Goes on until there is a file `stop`, and ends with 7; `here` is on its command line to find it by. */
const job = (start: string) => [
  '--',
  'sh',
  '-c',
  `cd ${here()}; ${start}; echo begun >begun; echo printed; until [ -e stop ]; do sleep 0.05; done; exit 7`,
];

function open(args: readonly string[], under: readonly string[] = []): Terminal {
  const [command = '', ...all] = [...under, vdsotop, ...args];
  terminal = startTerminal(command, all, { columns: 200, env: terminalEnvironment({ TMPDIR: here() }) });
  return terminal;
}

/** What stands on the primary screen, once the screen was left and as much was said. */
async function left(live: Terminal, last: RegExp): Promise<string> {
  await live.waitFor(() => !live.onAlternateScreen() && last.test(live.primary().join('\n')), 15_000);
  return live.primary().join('\n');
}

describe('a command that is left on the screen', () => {
  it.each([
    ['q', 'q'],
    ['Ctrl-C', keys.CtrlC],
  ])(
    'is sent SIGTERM on %s, which is said, with its output and what is waited for, and keeps its status',
    async (_, key) => {
      const live = open(job('trap "echo asked >asked" TERM'));
      await appears('begun');
      await live.waitFor(/sh .*LIVE/, 15_000);
      live.send(key);
      const said = await left(live, /waits no longer/);
      const [, path = ''] = /^output of the command: (\S+)$/m.exec(said) ?? [];
      expect(readFileSync(path, 'utf8')).toBe('printed\n');
      expect(said).toMatch(
        /; target never stopped\noutput of the command: .*\nvdsotop: SIGTERM was sent to the command \(pid \d+\); waiting for its end, Ctrl-C waits no longer$/,
      );
      await appears('asked');
      writeFileSync(here('stop'), '');
      expect(await live.exit).toEqual({ code: 7, signal: undefined });
    },
  );

  it('is waited for no longer on Ctrl-C, where it ignores what it is sent', async () => {
    const live = open(job('trap "" TERM INT HUP'));
    await appears('begun');
    await live.waitFor(/sh .*LIVE/, 15_000);
    live.send('q');
    await left(live, /waits no longer/);
    live.send(keys.CtrlC);
    await live.exit;
    expect(processesWith(here())).toHaveLength(1);
  });

  it('is not spoken of as going on where it had ended by itself', async () => {
    const live = open(job('touch stop'));
    await live.waitFor(/ENDED/, 15_000);
    live.send('q');
    expect(await live.exit).toEqual({ code: 7, signal: undefined });
    expect(live.primary().at(-1)).toMatch(/^output of the command: /);
  });
});

describe('a command that becomes another user, as by sudo', () => {
  const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups'];
  /** Becomes root whoever starts it; what it then is may not be sent a signal by who started it. */
  const asRoot = () => {
    const path = here('setpriv');
    chmodSync(here(), 0o777);
    copyFileSync('/usr/bin/setpriv', path);
    chmodSync(path, 0o4755);
    const [dashes = '', ...command] = job(':');
    return [dashes, path, '--reuid', '0', ...command];
  };

  it('goes on, which is said, when a signal cannot be passed on, and keeps its status', async () => {
    const errors = here('errors');
    const script = `exec 2>${errors} setpriv ${nobody.join(' ')} "$0" "$@"`;
    const watch = startVdsotop(asRoot(), ['sh', '-c', script]);
    await appears('begun');
    for (const signal of ['SIGHUP', 'SIGTERM'] as const) {
      watch.kill(signal);
      await expect.poll(() => readFileSync(errors, 'utf8'), patient).toMatch(`${signal} may not be passed on`);
    }
    writeFileSync(here('stop'), '');
    const { status } = await watch.outcome;
    const error = readFileSync(errors, 'utf8');
    expect(error).toMatch(
      /^vdsotop: SIGHUP may not be passed on: the command \(pid \d+\) is another user's by now, and goes on; a second/,
    );
    expect(error).not.toMatch(/unexpected|Error/);
    expect(status).toBe(7);
  });

  it('is waited for, which is said, when it is left on the screen', async () => {
    const live = open(asRoot(), ['setpriv', ...nobody]);
    await appears('begun');
    await live.waitFor(/LIVE/, 15_000);
    live.send('q');
    expect(await left(live, /waits no longer/)).toMatch(
      /^vdsotop: SIGTERM may not be sent: the command \(pid \d+\) is another user's by now, and goes on; waiting for its end, Ctrl-C waits no longer$/m,
    );
    writeFileSync(here('stop'), '');
    expect(await live.exit).toEqual({ code: 7, signal: undefined });
  });
});
