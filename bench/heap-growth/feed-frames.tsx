// Feeds frames to the real screen on a silent terminal, each as soon as the one before is painted, and prints a line of
// JSON with what the heap holds after a collection, at the start and after every so many frames:
//   node --expose-gc program.js FRAMES EVERY
import { render } from 'ink';
import type { Frame } from '../../src/model/frame.ts';
import type { LiveSession } from '../../src/model/live-session.ts';
import { App } from '../../src/ui/App.tsx';
import { makeDrawing } from '../../src/ui/make-drawing.ts';
import { screenOptions } from '../../src/ui/screen-options.ts';
import { silentTerminal } from '../rig/silent-terminal.ts';
import { seededRandom } from '../rig/statistics.ts';
import { movingTarget } from './moving-target.ts';

const [frames = 0, every = 1] = process.argv.slice(2).map(Number);
const terminal = silentTerminal();
const nextFrame = movingTarget(seededRandom(7));
const session = fedSession(nextFrame());
const app = (
  <App
    session={session}
    outlets={undefined}
    drawing={makeDrawing('braille')}
    glossary={[]}
    perfTraceSeconds={2}
    perfTraceAsked={false}
    perfTraceForced={false}
    everyFrame={true}
  />
);
// A screen that paints at most ten times a second would need half an hour.
const screen = render(app, { ...screenOptions(terminal), maxFps: 1_000 });
for (let painted = 0; painted <= frames; painted += 1) {
  if (painted % every === 0) await printHeap(painted);
  const written = terminal.written();
  session.show(nextFrame());
  await written;
}
screen.unmount();

async function printHeap(painted: number): Promise<void> {
  // What a frame leaves to timers and promises is done by then.
  await new Promise((resolve) => setTimeout(resolve, 20));
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const line = { painted, heapUsed, external, rss, bytes: terminal.bytes() };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** A session that does nothing but show the frame it is given. */
function fedSession(first: Frame): LiveSession & { show(frame: Frame): void } {
  const listeners = new Set<() => void>();
  let frame = first;
  const nothing = () => {};
  return {
    show(next) {
      frame = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    frame: () => frame,
    pause: nothing,
    resume: nothing,
    step: nothing,
    jump: nothing,
    hasEnded: () => false,
    reset: nothing,
    setBaseline: nothing,
    setIntervalMs: nothing,
    perfTraceAllowed: () => false,
    perfTraceWarning: () => '',
    perfTrace: async () => ({ unavailable: 'unsupported', detail: 'nothing real is watched' }),
  };
}
