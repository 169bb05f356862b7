// The whole of vdsotop (session, counters, witness, sampler, screen) on a silent terminal, on and off on command:
//   node program.js PID        "on" on standard input is answered by "on" once every collector is at work, "off" by
//                              "off" once everything is closed
// Starting a process for every pair of runs would take an hour of starting.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { raiseOwnPriority } from '../../src/collect/process/own-priority.ts';
import { startSession } from '../../src/session.ts';
import { runLive } from '../../src/ui/render-live.tsx';
import { silentTerminal } from '../rig/silent-terminal.ts';

/** Everything is armed and painted, or the kernel has detached. */
const settleMs = { on: 200, off: 400 } as const;

raiseOwnPriority();
const pid = Number(process.argv[2]);
let stop: (() => Promise<void>) | undefined;
for await (const command of createInterface({ input: process.stdin })) {
  const state = command === 'on' ? 'on' : 'off';
  if (state === 'on' && stop === undefined) {
    stop = await watch();
    await sleep(settleMs.on);
  }
  if (state === 'off' && stop !== undefined) {
    await stop();
    stop = undefined;
    await sleep(settleMs.off);
  }
  process.stdout.write(`${state}\n`);
}
await stop?.();

/** As `vdsotop -p PID` does by its default options; the way to leave is to press q. */
async function watch(): Promise<() => Promise<void>> {
  const counting = { counter: 'auto', children: false, startsWithExec: false } as const;
  const session = startSession({ pid, ...counting, intervalMs: 500, version: '0.0.0-bench', commandLine: 'vdsotop' });
  const terminal = silentTerminal();
  const left = runLive(session, { symbols: 'braille', stdin: terminal.stdin, stdout: terminal.stdout });
  await session.armed;
  return async () => {
    terminal.press('q');
    await left;
    session.close();
  };
}
