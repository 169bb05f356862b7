import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseVdsoImage, readOwnVdso } from '../../../src/collect/host/own-vdso.ts';
import { readMappings } from '../../../src/collect/process/read-mappings.ts';
import type { Reading } from '../../../src/model/reading.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';

function known<T>(reading: Reading<T>): T {
  if ('unavailable' in reading) throw new Error(reading.detail);
  return reading.value;
}

/** The vDSO of a process as its memory shows it. */
function imageOf(pid: number | 'self'): { bytes: Uint8Array; base: string } {
  const vdso = known(readMappings(`/proc/${pid}`)).find(({ name }) => name === '[vdso]');
  if (vdso === undefined) throw new Error(`process ${pid} has no [vdso]`);
  const bytes = new Uint8Array(vdso.sizeBytes);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  readSync(memory, bytes, 0, bytes.length, BigInt(`0x${vdso.start}`));
  closeSync(memory);
  return { bytes, base: vdso.start };
}

const clockGettime = process.arch === 'arm64' ? '__kernel_clock_gettime' : '__vdso_clock_gettime';

test('our own vDSO is the one our own maps show, and it exports clock_gettime', () => {
  const own = known(readOwnVdso());
  const mapping = known(readMappings('/proc/self')).find(({ name }) => name === '[vdso]');
  expect(own.base).toBe(mapping?.start);
  expect(own.sizeBytes).toBe(mapping?.sizeBytes);
  expect(own.symbols.map(({ name }) => name)).toContain(clockGettime);
  expect(own.hashTables.length).toBeGreaterThan(0);
});

test('its build id is the one that readelf reads', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'vdsotop-vdso-'));
  const file = join(scratch, 'vdso.so');
  writeFileSync(file, imageOf('self').bytes);
  const notes = execFileSync('readelf', ['-n', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const symbols = execFileSync('readelf', ['-W', '--dyn-syms', file], { encoding: 'utf8', stdio: 'pipe' });
  rmSync(scratch, { recursive: true });
  const own = known(readOwnVdso());
  expect(own.buildId).toBe(/Build ID: ([0-9a-f]+)/.exec(notes)?.[1]);
  for (const { name, offset } of own.symbols)
    expect(symbols).toMatch(new RegExp(`${offset.toString(16).padStart(16, '0')}.* FUNC .* ${name}@`));
});

test("another process's image parses to the same functions", async () => {
  await withProcess('sleep', ['30'], (pid) => {
    const { bytes, base } = imageOf(pid);
    const own = known(readOwnVdso());
    expect(known(parseVdsoImage(bytes, base, 'sleep'))).toEqual({ ...own, base });
  });
});

test('the image of a 32-bit process parses', async (context) => {
  const scratch = mkdtempSync(join(tmpdir(), 'vdsotop-vdso-'));
  const program = join(scratch, 'wait32');
  try {
    writeFileSync(`${program}.c`, 'int pause(void); int main(void) { for (;;) pause(); }');
    try {
      execFileSync('cc', ['-m32', '-o', program, `${program}.c`], { stdio: 'ignore' });
    } catch {
      context.skip('cc cannot build 32-bit programs here (Debian: apt-get install gcc-multilib)');
    }
    skipUnlessRuns(['-m32']);
    await withProcess(program, [], (pid) => {
      const { bytes, base } = imageOf(pid);
      const image = known(parseVdsoImage(bytes, base, program));
      expect(image.symbols.map(({ name }) => name)).toContain('__vdso_clock_gettime');
      expect(image.symbols.map(({ name }) => name)).toContain('__kernel_vsyscall');
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
});

test('hostile images give a reason or clean symbols, and never a crash', () => {
  const { bytes } = imageOf('self');
  expect(parseVdsoImage(new Uint8Array(0), '0', 'nothing')).toMatchObject({ unavailable: 'failed' });
  expect(parseVdsoImage(bytes.subarray(0, 100), '0', 'a stump')).toMatchObject({ unavailable: 'failed' });
  for (let turn = 0; turn < 500; turn += 1) {
    const mutant = bytes.slice();
    for (let step = 0; step < 6; step += 1) mutant[(turn * 7 + step * 131) % 0x500] = (turn * 31 + step * 89) & 0xff;
    const image = parseVdsoImage(mutant, '0', 'a mutant');
    if ('value' in image) for (const { name } of image.value.symbols) expect(name).toMatch(/^[!-~]+$/);
  }
});

async function withProcess(command: string, args: readonly string[], use: (pid: number) => void): Promise<void> {
  const child = spawn(command, args, { stdio: 'ignore' });
  try {
    use(await startedPid(child));
  } finally {
    child.kill('SIGKILL');
  }
}

/** Waits for the exec: before it, the image is ours. */
async function startedPid(child: ChildProcess): Promise<number> {
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  if (child.pid === undefined) throw new Error('it has no pid');
  return child.pid;
}
