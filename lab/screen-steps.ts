import { setTimeout as sleep } from 'node:timers/promises';
import { keys } from '../test/terminal/keys.ts';
import type { Terminal } from '../test/terminal/terminal.ts';
import { watchStarvation } from './rig/starvation.ts';
import { switchedMark, type WayName } from './ways.ts';

/** What is read on a screen of 80×24, and what is pressed before. */
interface Step {
  readonly press?: string;
  readonly shows: RegExp;
  /** Milliseconds. An emulated CPU paints slowly. @default 30000 */
  readonly within?: number;
  /** Waited for in the stream first: the moment from which `within` counts. */
  readonly after?: string;
}

const steps: Partial<Readonly<Record<WayName, readonly Step[]>>> = {
  screen: [
    { shows: /SLOW[\s\S]*LIVE|LIVE[\s\S]*SLOW/ },
    { shows: /THREAD_CPUTIME_ID/ },
    { press: 'x', shows: /CONFIRMED|confirmed/ },
    { press: keys.Escape, shows: /q quit/ },
  ],
  'screen, switched meanwhile': [
    { shows: /\bOK\b[\s\S]*LIVE|LIVE[\s\S]*\bOK\b/ },
    { after: switchedMark, within: 3_000, shows: /hpet/ },
    { within: 3_000, shows: /SLOW/ },
  ],
};
const patienceMs = 30_000;
/** A guest that gets less of its CPUs than this is not waited for. */
const mostStretched = 5;
const aBreathMs = 1_500;

/** Drives vdsotop on the guest's console until it has left; what was not to be read there, one sentence each. */
export async function driveScreen(console: Terminal, way: WayName): Promise<readonly string[]> {
  const misses: string[] = [];
  for (const { press, shows, within = patienceMs, after } of steps[way] ?? []) {
    const switched = after === undefined || (await comes(console, () => console.output().includes(after), patienceMs));
    if (!switched) misses.push('nothing was switched');
    if (press !== undefined) console.send(press);
    const screen = () => console.screen().join('\n');
    if (!(await comes(console, () => shows.test(screen()), within)))
      misses.push(`not on the screen: ${shows}: ${screen()}`);
  }
  // Escape and the key after it must not come in the same breath, or both are one Alt key.
  await sleep(aBreathMs);
  console.send('q');
  return misses;
}

/** Whether it comes true within so many milliseconds of which the host let the guest have its CPUs. */
async function comes(console: Terminal, isTrue: () => boolean, withinMs: number): Promise<boolean> {
  const starvation = watchStarvation(console.pid);
  for (let ownMs = 0; ownMs < withinMs; ) {
    if (isTrue()) return true;
    await sleep(100);
    const { wallMs, waitedMs } = starvation();
    ownMs = Math.max(wallMs - waitedMs, wallMs / mostStretched);
  }
  return isTrue();
}
