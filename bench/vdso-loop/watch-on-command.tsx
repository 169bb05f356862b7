// The whole of vdsotop (session, counters, witness, sampler, screen) on a silent terminal, on and off on command:
//   node program.js PID        "on" on standard input is answered by "on" once every collector is at work, "off" by
//                              "off" once everything is closed
// Starting a process for every pair of runs would take an hour of starting.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { render } from 'ink';
import { startSession } from '../../src/session.ts';
import { App } from '../../src/ui/App.tsx';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { screenOptions } from '../../src/ui/screen-options.ts';
import { silentTerminal } from '../rig/silent-terminal.ts';

/** The extra samples of the first second are over, and the kernel has detached. */
const settleMs = { on: 1_000, off: 400 } as const;

const pid = Number(process.argv[2]);
let stop: (() => void) | undefined;
for await (const command of createInterface({ input: process.stdin })) {
  const state = command === 'on' ? 'on' : 'off';
  if (state === 'on') stop ??= await watch();
  else {
    stop?.();
    stop = undefined;
  }
  await sleep(settleMs[state]);
  process.stdout.write(`${state}\n`);
}

/** As attach() of src/commands/attach.ts and runLive() of src/ui/render-live.tsx do, by the default options. */
async function watch(): Promise<() => void> {
  const session = startSession({
    pid,
    counter: 'auto',
    children: false,
    intervalMs: 500,
    version: '0.0.0-bench',
    startsWithExec: false,
  });
  const app = (
    <App session={session} drawing={makeDrawing('braille')} glossary={[]} perfTraceSeconds={2} perfTraceForced={false} />
  );
  const screen = render(app, screenOptions(silentTerminal()));
  await session.armed;
  return () => {
    screen.unmount();
    session.close();
  };
}
