import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { folderForEachTest } from '../folder-for-each-test.ts';
import { vdsotop } from './run-vdsotop.ts';
import { runningDemo } from './running-demo.ts';

/** Pipes whose reader has gone, and disks that are full: what is recorded has its end, and the status is right all the same. */
const demo = runningDemo();
const here = folderForEachTest();

/** The status of vdsotop in a line of the shell where "$@" is its call. */
function statusIn(line: string, args: readonly string[]): { readonly status: number; readonly error: string } {
  const { status, stderr } = spawnSync('bash', ['-c', `${line}; exit "\${PIPESTATUS[0]}"`, 'bash', vdsotop, ...args], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status: status ?? Number.NaN, error: stderr };
}

const lastRecord = () => readFileSync(here('x.ndjson'), 'utf8').trimEnd().split('\n').at(-1);
const command = () => ['--record', here('x.ndjson'), '--', 'sh', '-c', 'sleep 0.3; exit 7'];

it.each(['"$@" 2>&1 | true', '"$@" 2>/dev/full | cat'])('%s keeps the status of a command', (line) => {
  expect(statusIn(line, command())).toEqual({ status: 7, error: '' });
  expect(lastRecord()).toMatch(/^\{"end":/);
});

it('a report that nobody reads to its end is no failure, and one that a full disk takes none of is', () => {
  const report = ['report', '-p', String(demo.pid), '-d', '300ms', '--record', here('x.ndjson')];
  expect(statusIn('"$@" | true', report)).toMatchObject({
    status: 0,
    error: expect.stringMatching(/^vdsotop: recorded: /),
  });
  expect(lastRecord()).toMatch(/^\{"end":/);
  rmSync(here('x.ndjson'));
  const { status, error } = statusIn('"$@" >/dev/full', report);
  expect(error).toMatch(/^vdsotop: the report could not be written: .*ENOSPC.*\nvdsotop: recorded: .*\n$/);
  expect(status).toBe(5);
  expect(lastRecord()).toMatch(/^\{"end":/);
});

it('a recording of which the disk takes nothing leaves no file that could not be opened', () => {
  const report = ['report', '-p', String(demo.pid), '-d', '300ms', '--record', here('x.ndjson')];
  const { status, error } = statusIn('ulimit -f 0; "$@" | cat', report);
  expect(error).toMatch(/^vdsotop: nothing was recorded to .*\/x\.ndjson: it is as large as files may be here .*\n$/);
  expect(status).toBe(0);
  expect(readdirSync(here())).toEqual([]);
});
