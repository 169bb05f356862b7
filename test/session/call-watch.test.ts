import { afterEach, describe, expect, it } from 'vitest';
import { priceBreakpoint } from '../../src/collect/calls/breakpoint-price.ts';
import { openKernelEntries } from '../../src/collect/entries/kernel-entries.ts';
import { collectHost } from '../../src/collect/host/host.ts';
import { readOwnVdso } from '../../src/collect/host/own-vdso.ts';
import { collectTarget } from '../../src/collect/process/target.ts';
import { createCallWatch } from '../../src/session/call-watch.ts';
import { hitPrice } from '../collect/calls/hit-price.ts';
import { skipWithoutBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { embedNames, stripProgram } from '../collect/code-places/stripped-program.ts';
import { start, value } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const host = collectHost(readOwnVdso());
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** Watches for so long, asking every 100 ms as the session does. */
async function watch(pid: number, ms: number, budget = 0.0015, price = priceBreakpoint(readOwnVdso())) {
  const watching = createCallWatch(collectTarget(pid), host, { budget, hitPrice: price });
  const counter = openKernelEntries({ pid });
  opened.push(watching, counter);
  watching.start();
  for (const beganMs = performance.now(); performance.now() - beganMs < ms; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    watching.follow(counter.read());
    watching.callSites();
  }
  return watching;
}

async function startMix(...reads: readonly string[]) {
  const program = await start(buildProgram('mixed-reads', ['-fomit-frame-pointer']), ['--rate', '5000', ...reads]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return program;
}

/** A stripped program that reads THREAD_CPUTIME_ID, with the names of its functions packed into it. */
async function startWithNamesInside() {
  const stripped = stripProgram(temporaryDirectory());
  embedNames(stripped);
  const program = await start(stripped.path, ['3', '100']);
  await program.line();
  return { program, target: collectTarget(program.pid) };
}

describe('the watch of clock reads', () => {
  it('names who calls, for slow reads and for fast ones, and keeps every sample', async () => {
    skipWithoutBreakpoints();
    const program = await startMix('often:7:syscall:3', 'seldom:1:libc:1');
    const watching = await watch(program.pid, 1_200);
    const { sites, samples } = value(watching.callSites());
    const callers = (side: string, slot: number) =>
      new Set(sites.filter((s) => s.side === side && s.slot === slot).map((s) => s.callers.map((c) => c.symbol)[0]));
    expect(callers('kernel', 7)).toEqual(new Set(['often_syscall']));
    expect(sites.filter(({ side }) => side === 'vdso').flatMap((s) => s.callers.map((c) => c.symbol))).toContain(
      'seldom_libc',
    );
    expect(sites.reduce((sum, site) => sum + site.samples, 0)).toBe(samples.kernel + samples.vdso);
    expect(samples.kernel).toBeGreaterThan(20);
    expect(samples.vdso).toBeGreaterThan(5);
    await program.end();
  });

  it('says why there is nothing where nothing may be looked at', async () => {
    const program = await startMix('seldom:1:libc:1');
    const watching = await watch(program.pid, 300, 0);
    expect(watching.callSites()).toMatchObject({ unavailable: 'absent', detail: expect.stringContaining('budget') });
    expect(watching.fastReads()).toEqual(watching.callSites());
    expect(watching.spentNs()).toBe(0);
    await program.end();
  });

  it('is silent after its end', async () => {
    const program = await startMix('seldom:1:libc:1');
    const watching = await watch(program.pid, 300);
    watching.close();
    watching.takeFastWindows();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(watching.takeFastWindows()).toEqual([]);
    await program.end();
  });

  it('waits for names that are being unpacked, and counts what waited once, with its name', async () => {
    const { target, program } = await startWithNamesInside();
    const watching = await watch(target.pid, 1_500, 0);
    const { sites, samples } = value(watching.callSites());
    const askers = sites.map(({ callers }) => callers.find(({ kind }) => kind === 'executable')?.symbol);
    expect(new Set(askers)).toEqual(new Set(['read_first', 'read_second', 'read_third']));
    expect(samples.kernel).toBeGreaterThan(20);
    expect(sites.reduce((sum, site) => sum + site.samples, 0)).toBe(samples.kernel);
    await program.end();
  });

  it('waits no longer than to the last time it is asked', async () => {
    const { target, program } = await startWithNamesInside();
    const watching = createCallWatch(target, host, { budget: 0, hitPrice: hitPrice(1, 1) });
    const counter = openKernelEntries({ pid: target.pid });
    opened.push(watching, counter);
    watching.start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    watching.follow(counter.read());
    await new Promise((resolve) => setTimeout(resolve, 300));
    const waiting = value(watching.callSites());
    expect(waiting).toMatchObject({ sites: [], samples: { kernel: 0 } });
    const all = value(watching.callSites(true));
    expect(all.samples.kernel).toBeGreaterThan(0);
    expect(all.sites.reduce((sum, site) => sum + site.samples, 0)).toBe(all.samples.kernel);
    await program.end();
  });

  it('has one reason for all of a target whose word size is not known', () => {
    const target = { ...collectTarget(process.pid), bits: { unavailable: 'denied', detail: 'no' } } as const;
    const watching = createCallWatch(target, host, { budget: 0.0015, hitPrice: hitPrice(1, 1) });
    watching.start();
    expect([watching.fastReads(), watching.callSites()]).toEqual([target.bits, target.bits]);
  });
});

describe('on a host where breakpoints are never hit', () => {
  const deaf = { unavailable: 'unsupported', detail: 'breakpoints are never hit here' } as const;

  it('vDSO calls are unknown and not none, and kernel entries are sampled all the same', async () => {
    const program = await startMix('often:7:syscall:3', 'seldom:1:libc:1');
    const watching = await watch(program.pid, 1_200, 0.0015, { caughtNs: deaf, countedNs: deaf });
    expect(watching.fastReads()).toEqual(deaf);
    expect(watching.takeFastWindows()).toEqual([]);
    const { samples } = value(watching.callSites());
    expect(samples.kernel).toBeGreaterThan(20);
    expect(samples.vdso).toBe(0);
    expect(value(watching.callSites()).vdsoBy).toBe('time');
    await program.end();
  });
});
