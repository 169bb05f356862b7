import { expect, it, onTestFinished } from 'vitest';
import { collectTarget } from '../../src/collect/process/target.ts';
import { createEventLog } from '../../src/session/event-log.ts';
import { createProbes } from '../../src/session/probes.ts';
import { createSettlingFacts } from '../../src/session/settling-facts.ts';
import { type Started, start, until, value } from '../collect/processes.ts';
import { buildProgram } from '../programs/build.ts';
import { buildRuntime } from '../programs/build-runtime.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const launcher = buildProgram('late-library', ['-ldl']);
const runtime = buildRuntime(temporaryDirectory());

async function watch(pid: number, startsWithExec: boolean) {
  const options = { pid, startsWithExec, counter: 'perf', children: false, fastCallsBudget: 0 } as const;
  const events = createEventLog();
  const probes = createProbes(options, events);
  onTestFinished(() => probes.close());
  await probes.arm();
  return { events, snapshot: async () => (await probes.snapshot(0)).target };
}

/** Looks again and again until the target is as it should be. */
async function lookUntil(look: () => Promise<ReturnType<typeof collectTarget>>, name: string): Promise<void> {
  for (const deadlineMs = performance.now() + 10_000; performance.now() < deadlineMs; ) {
    const { runtime: found } = await look();
    if ('value' in found && found.value.name === name) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no ${name} in 10 s`);
}

const tell = ({ child }: Started) => child.stdin?.write('go\n');

it('knows the runtime that a program loads a moment after its exec', async () => {
  const program = await start(buildProgram('exec-on-line'), [launcher, runtime]);
  expect(await program.line()).toBe('ready');
  const { events, snapshot } = await watch(program.pid, true);
  await snapshot();
  tell(program);
  expect(await program.line()).toBe('ready');
  expect(value((await snapshot()).runtime).name).toBe('none');
  tell(program);
  expect(await program.line()).toBe('loaded');
  await lookUntil(snapshot, 'jvm');
  expect(events.all().map(({ kind }) => kind)).toEqual(['attached', 'target-exec']);
  await program.end();
});

it('knows the runtime that a program loads in its first second, which began before vdsotop did', async () => {
  const program = await start(launcher, [runtime]);
  expect(await program.line()).toBe('ready');
  const probes = watch(program.pid, false);
  tell(program);
  expect(await program.line()).toBe('loaded');
  await lookUntil((await probes).snapshot, 'jvm');
  await program.end();
});

it('reads a program again twice in its first second, and does not say of a shorter one that it has no runtime', async () => {
  let nowMs = 0;
  const program = await start(buildProgram('wait'));
  await until(() => value(collectTarget(program.pid).runtime).name === 'none');
  const early = collectTarget(program.pid);
  const facts = createSettlingFacts(program.pid, () => nowMs);
  facts.began(5_000);
  expect(facts.follow(early)).toBe(early);
  expect(facts.last(early)).toBe(early);
  facts.began(0);
  nowMs = 99;
  expect(facts.follow(early)).toBe(early);
  expect(facts.last(early).runtime).toMatchObject({ unavailable: 'absent' });
  nowMs = 100;
  const first = facts.follow(early);
  expect(first).not.toBe(early);
  expect(facts.follow(first)).toBe(first);
  expect(facts.last(first)).toBe(first);
  nowMs = 1_100;
  const second = facts.follow(first);
  expect(second).not.toBe(first);
  nowMs = 9_000;
  expect(facts.follow(second)).toBe(second);
  await program.end();
});
