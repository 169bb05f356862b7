import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMappedFiles } from '../../../src/collect/process/mapped-files.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { interposersByFiles } from '../../../src/collect/program/interposers-by-files.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, type Started, start, until, value } from '../processes.ts';

const directory = temporaryDirectory();
const caller = compile(directory, 'call-clocks');
const ownClock = library('own-clock.so', 'own-clock');
const faketime = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
].find(existsSync);

/** test/programs/SOURCE.c as a shared library of this name. */
function library(name: string, source: string, flags: readonly string[] = [], compiler = 'cc'): string {
  const path = join(directory, name);
  const text = join(import.meta.dirname, '..', '..', 'programs', `${source}.c`);
  execFileSync(compiler, ['-shared', '-fPIC', ...flags, '-o', path, text]);
  return path;
}

async function ready(program: string, preload?: string): Promise<Started> {
  const environment = preload === undefined ? process.env : { ...process.env, LD_PRELOAD: preload };
  const started = await start(program, [], { env: environment });
  await started.line();
  return started;
}

async function interposersOf(program: string, preload?: string) {
  const started = await ready(program, preload);
  const interposers = value(collectTarget(started.pid).interposers);
  await started.end();
  return interposers;
}

const ofOwnClock = { symbol: 'clock_gettime', module: ownClock, how: 'resolved-slot' };

describe('no clock function is interposed', () => {
  it.each([
    { how: 'lazily', flags: [] },
    { how: 'at start', flags: ['-Wl,-z,now'] },
    { how: 'at a fixed place', flags: ['-no-pie', '-fno-pie'] },
    { how: 'in 32 bits', flags: ['-m32'] },
  ])('in an ordinary program bound $how', async ({ flags }) => {
    skipUnlessRuns(flags);
    expect(await interposersOf(compile(temporaryDirectory(), 'call-clocks', flags))).toEqual([]);
  });

  it('in a program on musl, and in static ones', async () => {
    expect(await interposersOf(compile(temporaryDirectory(), 'call-clocks', [], 'musl-gcc'))).toEqual([]);
    expect(await interposersOf(compile(temporaryDirectory(), 'call-clocks', ['-static']))).toEqual([]);
  });

  it('by a preloaded library that has no clock function', async () => {
    expect(await interposersOf(caller, library('wait.so', 'wait'))).toEqual([]);
  });

  it("by a library whose clock_gettime is of another version than libc's", async () => {
    const map = join(directory, 'version.map');
    writeFileSync(map, 'OTHER_1.0 { global: clock_gettime; local: *; };\n');
    const versioned = library('versioned.so', 'own-clock', ['-DOTHER_VERSION', `-Wl,--version-script=${map}`]);
    expect(await interposersOf(caller, versioned)).toEqual([]);
  });
});

describe('an interposed clock function', () => {
  it.each([[[]], [['-Wl,-z,now']], [['-no-pie', '-fno-pie']]])(
    'is found in the slot of a program built with %j',
    async (flags) => {
      const program = compile(temporaryDirectory(), 'call-clocks', flags);
      expect(await interposersOf(program, ownClock)).toEqual([ofOwnClock]);
    },
  );

  it('is found without LD_PRELOAD, in a library linked before libc', async () => {
    const program = join(directory, 'linked');
    const source = join(import.meta.dirname, '..', '..', 'programs', 'call-clocks.c');
    execFileSync('cc', ['-o', program, source, '-Wl,--no-as-needed', ownClock, `-Wl,-rpath,${directory}`]);
    expect(await interposersOf(program)).toEqual([ofOwnClock]);
  });

  it('is found in the program itself, which libraries then call', async () => {
    const program = compile(temporaryDirectory(), 'own-clock', ['-DPROGRAM']);
    expect(await interposersOf(program)).toEqual([{ symbol: 'clock_gettime', module: program, how: 'search-order' }]);
  });

  it('is found where the program does not call it, by the order of lookups alone', async () => {
    const wait = compile(directory, 'wait');
    const process = await start(wait, [], { env: { LD_PRELOAD: ownClock } });
    await until(
      () =>
        'value' in collectTarget(process.pid).interposers && value(collectTarget(process.pid).libc).name === 'glibc',
    );
    expect(value(collectTarget(process.pid).interposers)).toEqual([{ ...ofOwnClock, how: 'search-order' }]);
  });

  it("is found in a program started as an argument of glibc's loader", async () => {
    const started = await start('/lib64/ld-linux-x86-64.so.2', [caller], { env: { LD_PRELOAD: ownClock } });
    await started.line();
    expect(value(collectTarget(started.pid).interposers)).toEqual([ofOwnClock]);
  });

  it('is found on musl', async () => {
    const musl = library('own-clock-musl.so', 'own-clock', [], 'musl-gcc');
    const program = compile(temporaryDirectory(), 'call-clocks', [], 'musl-gcc');
    expect(await interposersOf(program, musl)).toEqual([{ ...ofOwnClock, module: musl }]);
  });

  it("is libfaketime's, which fakes several", async () => {
    expect(faketime).toBeDefined();
    const found = await interposersOf(caller, faketime);
    for (const symbol of ['clock_gettime', 'gettimeofday', 'time'])
      expect(found).toContainEqual({ symbol, module: faketime, how: 'resolved-slot' });
  });
});

describe('without the permission to read memory', () => {
  const byFiles = ({ pid }: Started) => interposersByFiles(`/proc/${pid}`, value(readMappedFiles(`/proc/${pid}`)));

  it('the order is put together from files and LD_PRELOAD', async () => {
    expect(byFiles(await ready(caller))).toMatchObject({ value: [] });
    expect(byFiles(await ready(caller, ownClock))).toMatchObject({ value: [{ ...ofOwnClock, how: 'search-order' }] });
    expect(byFiles(await ready(compile(temporaryDirectory(), 'own-clock', ['-DPROGRAM'])))).toMatchObject({
      value: [{ symbol: 'clock_gettime' }],
    });
  });

  it('a library that nobody asked for leaves it open', async () => {
    const process = await start('python3', [
      '-c',
      `import ctypes, time; ctypes.CDLL(${JSON.stringify(ownClock)}); print('ready', flush=True); time.sleep(99)`,
    ]);
    await process.line();
    expect(byFiles(process)).toMatchObject({ unavailable: 'denied', detail: expect.stringContaining('own-clock.so') });
    expect(collectTarget(process.pid).interposers).toMatchObject({ value: [] });
  });
});

describe("a loader's list that a process has changed", () => {
  it('is followed to an end, and nothing is said of one in a circle', async () => {
    const started = await start(compile(directory, 'loader-list-in-a-circle'));
    await started.line();
    const interposers = () => collectTarget(started.pid).interposers;
    await until(() => !('value' in interposers()));
    expect(interposers()).toMatchObject({
      unavailable: 'failed',
      detail: expect.stringMatching(/could not be followed/),
    });
  });
});
