import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from '../../test/terminal/terminal.ts';

const pollMs = 30;

/** Joins our terminal with a guest's console, whose shell it is then, until the guest is powered off. */
export async function lendConsole(console: Terminal): Promise<void> {
  const { stdin, stdout } = process;
  const type = (bytes: Buffer) => console.send(bytes.toString('utf8'));
  let shown = console.output().length;
  let ended = false;
  void console.exit.then(() => {
    ended = true;
  });
  stdout.write("a shell in the guest; 'poweroff -f' leaves it\n");
  stdin.setRawMode(true).resume().on('data', type);
  console.send('\n');
  try {
    while (!ended) {
      await sleep(pollMs);
      const output = console.output();
      stdout.write(output.slice(shown));
      shown = output.length;
    }
  } finally {
    stdin.off('data', type).pause().setRawMode(false);
  }
}
