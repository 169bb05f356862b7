import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { spawn } from '@lydell/node-pty';
import { expect, it } from 'vitest';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { terminalEnvironment } from '../terminal/terminal-environment.ts';
import { vdsotop } from './run-vdsotop.ts';

/** A pseudo-terminal whose other end can be closed, as a window or a connection is. */
type Closable = ReturnType<typeof spawn> & { destroy(): void };

const here = folderForEachTest();

it('a terminal that goes away ends vdsotop, which closes its recording and says nothing of it', async () => {
  const errors = here('errors');
  const file = here('demo.ndjson.gz');
  const command = ['-c', 'exec "$0" demo --record "$1" 2>"$2"', vdsotop, file, errors];
  const pty = spawn('/bin/sh', command, { cols: 120, rows: 40, env: terminalEnvironment() }) as Closable;
  let output = '';
  pty.onData((data) => {
    output += data;
  });
  await expect.poll(() => /SLOW[\s\S]*LIVE/.test(output), { timeout: 15_000 }).toBe(true);
  pty.destroy();
  await expect.poll(() => isRunning(pty.pid), { timeout: 10_000 }).toBe(false);
  expect(readFileSync(errors, 'utf8').replace('\u001b[?25h', '').trim()).toBe('');
  // Cut short, it does not unpack.
  expect(gunzipSync(readFileSync(file)).toString()).toMatch(/^\{"capsule":1,[\s\S]*\}\n$/);
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}
