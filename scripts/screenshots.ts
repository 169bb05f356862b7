// Takes a picture of a program in a terminal, for the README:
//
//   node scripts/screenshots.ts NAME [--size 120x40] [--wait-for REGEXP] [--after SECONDS] [--keys 'x Right Space']
//                               [--png] -- COMMAND [ARGUMENT...]
//
// Starts COMMAND, waits until REGEXP is on the screen and then SECONDS more, presses the keys one after another (names
// as in test/terminal/keys.ts, anything else as typed), and writes docs/screens/NAME.svg. --png also writes NAME.png
// beside it, to be looked at. The program is then asked to quit by q, and killed if it will not.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { renderPng } from '../src/capsule/render-png.ts';
import { keys } from '../test/terminal/keys.ts';
import { toSvg } from '../test/terminal/svg.ts';
import { startTerminal, type Terminal } from '../test/terminal/terminal.ts';

const screens = join(import.meta.dirname, '../docs/screens');
/** Long enough for the answer to a key to be painted at any rate of frames. */
const keyMs = 400;

const request = readRequest();
const terminal = startTerminal(request.command, request.args, request.size);
try {
  await terminal.waitFor(request.waitFor, 30_000);
  await sleep(request.afterSeconds * 1000);
  for (const key of request.keys) {
    terminal.send(key);
    await sleep(keyMs);
  }
  await save(request.name, toSvg(terminal.cells(), `${request.command} ${request.args.join(' ')}`), request.png);
} finally {
  await quit(terminal);
}

function readRequest() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      size: { type: 'string', default: '120x40' },
      'wait-for': { type: 'string', default: '\\S' },
      after: { type: 'string', default: '2' },
      keys: { type: 'string', default: '' },
      png: { type: 'boolean', default: false },
    },
  });
  const [name, command, ...args] = positionals;
  const [columns = Number.NaN, rows = Number.NaN] = values.size.split('x').map(Number);
  const afterSeconds = Number(values.after);
  if (!name || !command || !Number.isInteger(columns) || !Number.isInteger(rows) || !(afterSeconds >= 0))
    throw new Error('expected NAME [--size COLUMNSxROWS] [--after SECONDS] -- COMMAND [ARGUMENT...]');
  const named: Readonly<Record<string, string>> = keys;
  const pressed = values.keys.split(' ').filter((key) => key !== '');
  return {
    name,
    command,
    args,
    size: { columns, rows },
    waitFor: new RegExp(values['wait-for']),
    afterSeconds,
    keys: pressed.map((key) => named[key] ?? key),
    png: values.png,
  };
}

async function save(name: string, svg: string, alsoPng: boolean): Promise<void> {
  mkdirSync(screens, { recursive: true });
  const path = join(screens, `${name}.svg`);
  writeFileSync(path, svg);
  console.log(`${path}: ${Math.round(svg.length / 1024)} KiB`);
  if (alsoPng) writeFileSync(join(screens, `${name}.png`), await renderPng(svg));
}

async function quit(running: Terminal): Promise<void> {
  running.send('q');
  await Promise.race([running.exit, sleep(2000)]);
  await running.kill();
}
