import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { vdsotop } from './paths.ts';
import { type Screen, startScreen } from './screen.ts';

/**
 * What `measure` answers of the live screen of `vdsotop demo`, which runs with `args` in a folder of its own and saves
 * there. Screen and folder are gone when it is over.
 */
export async function withDemo<T>(
  args: readonly string[],
  measure: (screen: Screen, folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'vdsotop-bench-'));
  const screen = startScreen(vdsotop, ['demo', ...args], folder);
  try {
    await screen.shows(/LIVE/);
    return await measure(screen, folder);
  } finally {
    screen.send('q');
    await Promise.race([screen.ended, sleep(3_000)]);
    screen.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
