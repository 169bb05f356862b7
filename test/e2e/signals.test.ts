import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { keys } from '../terminal/keys.ts';
import { startTerminal } from '../terminal/terminal.ts';
import { processesWith } from './processes-with.ts';
import { vdsotop } from './run-vdsotop.ts';
import { runningDemo } from './running-demo.ts';
import { startVdsotop } from './start-vdsotop.ts';

/** Real signals to the real program where no screen takes them: what was seen is told, and nothing is left behind. */
const demo = runningDemo();
const here = folderForEachTest();

const patient = { timeout: 15_000, interval: 50 };
const linesOf = (name: string) => (existsSync(here(name)) ? readFileSync(here(name), 'utf8') : '').split('\n');
const appears = (name: string) => expect.poll(() => existsSync(here(name)), patient).toBe(true);

/** What watches the demo for an hour, once it has recorded its header and so many samples. */
async function watching(args: readonly string[], samples = 1) {
  const [command = '', ...options] = args;
  const watch = ['-p', String(demo.pid), '-d', '1h', '--record', here('x.ndjson'), ...options];
  const started = startVdsotop([command, ...watch]);
  await expect.poll(() => linesOf('x.ndjson').length, patient).toBeGreaterThan(1 + samples);
  return started;
}

describe('what watches a process', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('prints the report so far on %s, closes its recording, and ends with %d', async (signal, code) => {
    const report = await watching(['report', '--json']);
    report.kill(signal);
    const { status, output, error } = await report.outcome;
    expect(JSON.parse(output)).toMatchObject({ schema: 1, target: { pid: demo.pid, ended: false } });
    expect(error).toMatch(
      new RegExp(`^vdsotop: ended by ${signal} after [\\d.]+ s; this is the report so far\nvdsotop: recorded: .*\n$`),
    );
    expect(linesOf('x.ndjson').at(-2)).toMatch(/^\{"end":/);
    expect(status).toBe(code);
  });

  it('saves what a trigger is due to save', async () => {
    // With an interval of ten seconds the last sample is the first at which the trigger is asked again.
    const report = await watching(['report', '-i', '10s', '--trigger', 'verdict == slow', '--out', here()], 4);
    const secondMs = 1_000;
    await new Promise((resolve) => setTimeout(resolve, secondMs));
    report.kill('SIGTERM');
    const { status, error } = await report.outcome;
    expect(error).toMatch(/^vdsotop: saved by --trigger 'verdict == slow': .*\.ndjson\.gz$/m);
    expect(readdirSync(here()).filter((name) => name.endsWith('.gz'))).toHaveLength(1);
    expect(status).toBe(143);
  });

  it('takes a signal that comes twice at once, as from timeout(1), for one', async () => {
    const report = await watching(['report']);
    report.kill('SIGTERM');
    report.kill('SIGTERM');
    const { status, output } = await report.outcome;
    expect(output).toMatch(/vdsotop-demo \(pid \d+\)[\s\S]*watched/);
    expect(status).toBe(143);
  });

  it('leaves no recording of nothing, and can be asked again', async () => {
    const watch = ['report', '-p', String(demo.pid), '-d', '300ms', '--record', here('x.ndjson')];
    const report = startVdsotop(watch);
    await expect.poll(() => existsSync(here('x.ndjson')), { timeout: 15_000, interval: 1 }).toBe(true);
    report.kill('SIGINT');
    const { status, error } = await report.outcome;
    expect(error).toMatch(
      /^vdsotop: nothing was recorded to .*: the watching ended before its first sample\nvdsotop: SIGINT came before .*\n$/,
    );
    expect(status).toBe(130);
    expect(readdirSync(here())).toEqual([]);
    expect(await startVdsotop(watch).outcome).toMatchObject({
      status: 0,
      error: expect.stringMatching(/: recorded: /),
    });
  });

  it('saves the screen so far', async () => {
    const snapshot = await watching(['snapshot', '-o', here('x.txt')]);
    snapshot.kill('SIGINT');
    const { status, error } = await snapshot.outcome;
    expect(error).toMatch(/^vdsotop: ended by SIGINT after [\d.]+ s; this is the screen so far\nvdsotop: recorded: /);
    expect(linesOf('x.txt').join('\n')).toMatch(/vdsotop-demo/);
    expect(status).toBe(130);
  });
});

describe('vdsotop -- CMD', () => {
  const shell = (script: string) => ['--', 'sh', '-c', `cd ${here()}; ${script}`];

  it('passes a signal on, prints the report, and keeps the exit status', async () => {
    const script = 'trap "exit 7" TERM; echo begun > begun; while :; do sleep 0.05; done';
    const watch = startVdsotop(['--record', here('x.ndjson'), ...shell(script)]);
    await appears('begun');
    watch.kill('SIGTERM');
    const { status, error } = await watch.outcome;
    expect(error).toMatch(/: sh \(pid \d+\)[\s\S]*watched/);
    expect(error).toMatch(/^vdsotop: recorded: .*$/m);
    expect(status).toBe(7);
    expect(processesWith(here())).toEqual([]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves nothing running on %s, and ends with %d', async (signal, code) => {
    const watch = startVdsotop(shell(`echo begun > begun; exec tail -f ${here()}/begun`));
    await appears('begun');
    watch.kill(signal);
    const { status, error } = await watch.outcome;
    expect(error).toMatch(/: (sh|tail) \(pid \d+\)/);
    expect(status).toBe(code);
    expect(processesWith(here())).toEqual([]);
  });

  it('ends at once by the second signal, and asks the command to end', async () => {
    const script = `trap "" HUP; trap "echo > int" INT; trap "echo > term; exit" TERM; echo > begun; while :; do sleep 0.05; done`;
    const watch = startVdsotop(shell(script));
    await appears('begun');
    watch.kill('SIGHUP');
    watch.kill('SIGINT');
    await appears('int');
    // A terminal that goes says so twice, which is not an impatient user.
    watch.kill('SIGHUP');
    watch.kill('SIGTERM');
    expect(await watch.outcome).toMatchObject({ signal: 'SIGTERM' });
    await appears('term');
    await expect.poll(() => processesWith(here()), patient).toEqual([]);
  });

  it('does not send what the terminal has sent to the command already', async () => {
    const script = `
      let count = 0;
      const end = () => { require('fs').writeFileSync('count', String(count)); process.exit(7); };
      process.on('SIGINT', () => { count += 1; if (count === 1) setTimeout(end, 500); });
      require('fs').writeFileSync('begun', '');
      setInterval(() => {}, 1_000);`;
    const command = ['-c', 'exec "$0" -- "$@" >output 2>errors', vdsotop, process.execPath, '-e', script];
    const terminal = startTerminal('sh', command, { cwd: here() });
    try {
      await appears('begun');
      terminal.send(keys.CtrlC);
      expect(await terminal.exit).toEqual({ code: 7, signal: undefined });
      expect(linesOf('count')).toEqual(['1']);
      expect(linesOf('errors').join('\n')).toMatch(/: \w+ \(pid \d+\)[\s\S]*watched/);
    } finally {
      await terminal.kill();
    }
  });
});
