import { render } from 'ink';
import type { ReactElement } from 'react';
import { type ScreenStreams, screenOptions } from './screen-options.ts';

/**
 * Shows it on the alternate screen until it is left, and answers with what it was left. What is typed meanwhile must not
 * be echoed: it would lengthen a row, and move all others from where later frames paint over them. So keys are taken
 * before the first row is painted, where Ink takes them after it; and as the alternate screen begins at the column of the
 * other one's cursor, that goes to the first.
 */
export async function showOnScreen(element: ReactElement, streams: ScreenStreams): Promise<unknown> {
  const { stdin = process.stdin, stdout = process.stdout } = streams;
  const setRaw = (mode: boolean) => stdin.isTTY && stdin.setRawMode(mode);
  setRaw(true);
  stdout.write('\r');
  try {
    return await render(element, screenOptions(streams)).waitUntilExit();
  } catch (error) {
    // Ink gives back what it has taken, and may have failed before. Of a terminal that is gone nothing more is asked.
    setRaw(false);
    throw error;
  }
}
