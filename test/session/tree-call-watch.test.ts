import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { type BreakpointPrice, priceBreakpoint } from '../../src/collect/calls/breakpoint-price.ts';
import { openKernelEntries } from '../../src/collect/entries/kernel-entries.ts';
import { collectHost } from '../../src/collect/host/host.ts';
import { readOwnVdso } from '../../src/collect/host/own-vdso.ts';
import { collectTarget } from '../../src/collect/process/target.ts';
import { createProcessTree } from '../../src/collect/tree/process-tree.ts';
import { createTreeMembers } from '../../src/collect/tree/tree-members.ts';
import type { CallSite } from '../../src/model/call-sites.ts';
import { createTargetCpuSamples } from '../../src/session/cpu-samples.ts';
import { createTreeCallWatch } from '../../src/session/tree-call-watch.ts';
import { skipWithoutBreakpoints } from '../collect/calls/skip-without-breakpoints.ts';
import { embedNames, stripProgram } from '../collect/code-places/stripped-program.ts';
import { start, value } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';
import { type Prefork, startPrefork } from '../programs/start-prefork.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const host = collectHost(readOwnVdso());
const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

const never = { unavailable: 'unsupported', detail: 'breakpoints are never hit here' } as const;
const deaf: BreakpointPrice = { caughtNs: never, countedNs: never };

/** Watches a tree as the session does, five times as often. */
function watchTree(master: Pick<Prefork, 'pid'>, method: 'auto' | 'perf' = 'auto', budget = 0, hitPrice = deaf) {
  const tree = createProcessTree(master.pid, true);
  const members = createTreeMembers(tree);
  const counter = openKernelEntries({ pid: master.pid, bits: 64 }, { children: true, method });
  const watching = createTreeCallWatch(master.pid, tree, members, { budget, hitPrice, ownVdso: readOwnVdso() });
  const cpu = createTargetCpuSamples(
    { children: true, fastCallsBudget: 'value' in hitPrice.caughtNs ? 0 : budget },
    tree,
    members,
  );
  opened.push(watching, counter, { close: cpu.detach });
  tree.refresh();
  members.refresh();
  cpu.attach(collectTarget(master.pid), host, { soonExec: false, tellsCalls: true, unspent: () => 0 });
  watching.start();
  const tick = () => {
    for (const child of tree.refresh()) counter.watch(child);
    members.refresh();
    watching.follow(counter.read());
    watching.add(cpu.takeCalls());
    cpu.read();
    return watching.callSites();
  };
  return {
    watching,
    async until(ready: (sites: readonly CallSite[]) => boolean, ms = 6_000) {
      for (const end = performance.now() + ms; performance.now() < end; ) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        const reading = tick();
        if ('value' in reading && ready(reading.value.sites)) break;
      }
      return value(watching.callSites());
    },
  };
}

/** A static program holds libc's functions itself. */
const callerOf = ({ place, callers }: CallSite) =>
  [place, ...callers].find(({ kind, symbol }) => kind === 'executable' && !symbol?.includes('clock_gettime'))?.symbol;
/** By process: the functions that were seen reading. */
function readersOf(sites: readonly CallSite[]) {
  const readers = new Map<number, Set<string | undefined>>();
  for (const site of sites) {
    const pid = site.process?.pid ?? 0;
    readers.set(pid, (readers.get(pid) ?? new Set()).add(callerOf(site)));
  }
  return readers;
}
const samplesIn = (sites: readonly CallSite[], pid: number | undefined) =>
  sites.filter(({ process }) => process?.pid === pid).reduce((sum, { samples }) => sum + samples, 0);

describe('the watch of a tree', () => {
  it('waits for names that are being unpacked, and counts what waited once, with its name', async () => {
    const stripped = stripProgram(temporaryDirectory());
    embedNames(stripped);
    const two = `${stripped.path} 3 100 >/dev/null & one=$!; ${stripped.path} 3 100 >/dev/null & echo $one $!; wait`;
    const shell = await start('/bin/sh', ['-c', two]);
    const children = (await shell.line()).split(' ');
    const enough = (sites: readonly CallSite[]) => readersOf(sites).size === 2 && sites.length > 6;
    const { sites, samples } = await watchTree(shell).until(enough);
    execFileSync('kill', children);
    await shell.end();
    const names = new Set([...readersOf(sites).values()].flatMap((readers) => [...readers]));
    expect(names).toEqual(new Set(['read_first', 'read_second', 'read_third']));
    expect(sites.reduce((sum, site) => sum + site.samples, 0)).toBe(samples.kernel);
  });

  it.each([['auto'], ['perf']] as const)('names the callers of each process, counted by %s', async (method) => {
    const kinds = ['libc', 'syscall', 'inline'];
    // CPU time is read past every vDSO; ten such workers are more than a round looks at.
    const workers = Array.from({ length: 10 }, (_, at) => `w${at}:3:${kinds[at % 3]}:${300 + 100 * at}`);
    const master = await startPrefork(workers);
    const watching = watchTree(master, method);
    const { sites } = await watching.until((seen) => master.workers.every((pid) => samplesIn(seen, pid) > 2));
    const readers = readersOf(sites);
    expect([...readers.keys()].sort()).toEqual([...master.workers].sort());
    master.workers.forEach((pid, at) => {
      expect(readers.get(pid)).toEqual(new Set([`serve_${kinds[at % 3]}`]));
    });
    expect(new Set(sites.map(({ process }) => process?.comm))).toEqual(
      new Set(workers.map((text) => text.slice(0, 2))),
    );
    await master.end();
  });

  it('follows processes that come, end and become another program', async () => {
    const master = await startPrefork(['web:3:syscall:2000', 'log:3:libc:2000']);
    const [web, log] = master.workers;
    const watching = watchTree(master);
    await watching.until((seen) => samplesIn(seen, web) > 0 && samplesIn(seen, log) > 0);
    const fresh = await master.tell('+new:3:inline:2000');
    await master.tell(`-${web}`);
    const before = (await watching.until((seen) => samplesIn(seen, fresh) > 3)).sites;
    expect(readersOf(before).get(fresh)).toEqual(new Set(['serve_inline']));
    await master.tell(`!${log} ${buildProgram('call-chain', ['-static'])} 3 500`);
    const { sites } = await watching.until((seen) => (readersOf(seen).get(log ?? 0)?.size ?? 0) > 3);
    const functions = ['serve_libc', 'read_first', 'read_second', 'read_third'];
    expect(readersOf(sites).get(log ?? 0)).toEqual(new Set(functions));
    const { programs } = await watching.until(() => true);
    expect(programs?.map(({ linkage }) => linkage).sort()).toEqual(['dynamic', 'static']);
    await master.end();
  });

  it('has a call that a CPU sample interrupted of the program that made it', { timeout: 40_000 }, async () => {
    const master = await startPrefork(['web:1:libc:hot', 'idle:3:libc:0']);
    const [web = 0] = master.workers;
    const watching = watchTree(master, 'auto', 0.05);
    const ofVdso = (sites: readonly CallSite[]) => sites.filter(({ side }) => side === 'vdso');
    await watching.until((seen) => samplesIn(ofVdso(seen), web) > 20, 12_000);
    await master.tell(`!${web} ${buildProgram('mixed-reads', ['-static'])} --rate hot often:7:libc:1`);
    const { sites, lost } = await watching.until(
      (seen) => ofVdso(seen).some((site) => site.slot === 7 && callerOf(site) === 'often_libc'),
      15_000,
    );
    const callers = new Set(ofVdso(sites).map((site) => `${site.process?.pid} ${site.slot} ${callerOf(site)}`));
    const notTold = 36;
    const told = [...callers].filter((text) => !text.includes(` ${notTold} `));
    expect(new Set(told)).toEqual(new Set([`${web} 1 serve_libc`, `${web} 7 often_libc`]));
    expect(lost).toBeLessThan(200);
    await master.end();
  });

  it('catches vDSO calls at breakpoints, where each process maps it', { timeout: 60_000 }, async () => {
    skipWithoutBreakpoints();
    const chain = `chain:exec:${buildProgram('call-chain', ['-static'])} 0 300`;
    const master = await startPrefork(['web:1:libc:2000', 'log:7:libc:2000', chain]);
    const [web = 0, log = 0, exec = 0] = master.workers;
    const { watching, until } = watchTree(master, 'auto', 0.05, priceBreakpoint(readOwnVdso()));
    const { sites, vdsoBy } = await until(
      (seen) => master.workers.every((pid) => samplesIn(seen, pid) > 20) && (readersOf(seen).get(exec)?.size ?? 0) > 2,
      30_000,
    );
    expect(vdsoBy).toBeUndefined();
    expect(new Set(sites.map(({ side, slot, process }) => `${side} ${slot} ${process?.pid}`))).toEqual(
      new Set([`vdso 1 ${web}`, `vdso 7 ${log}`, `vdso 0 ${exec}`]),
    );
    expect(readersOf(sites)).toEqual(
      new Map([
        [web, new Set(['serve_libc'])],
        [log, new Set(['serve_libc'])],
        [exec, new Set(['read_first', 'read_second', 'read_third'])],
      ]),
    );
    expect(
      value(watching.fastReads())
        .hits.map(({ fn, slot }) => `${fn} ${slot}`)
        .sort(),
    ).toEqual(['clock_gettime 0', 'clock_gettime 1', 'clock_gettime 7']);
    expect(new Set(watching.takeFastWindows().map(({ tid }) => tid))).toEqual(new Set([master.pid, web, log, exec]));
    expect(watching.spentNs()).toBeGreaterThan(0);
    await master.end();
  });

  it('says why no vDSO call is caught: none is to be, or none is ever hit', async () => {
    const master = await startPrefork(['web:3:syscall:10']);
    expect(watchTree(master, 'auto', 0.01).watching.fastReads()).toEqual(never);
    expect(watchTree(master, 'auto', 0).watching.fastReads()).toMatchObject({
      unavailable: 'absent',
      detail: expect.stringContaining('budget'),
    });
    await master.end();
  });
});
