import { diagnose } from '../../src/analysis/diagnose.ts';
import { makeSeries } from '../../src/analysis/series.ts';
import { makeWindow } from '../../src/analysis/window.ts';
import type { EntryFunction } from '../../src/model/clock-calls.ts';
import type { EntryCount } from '../../src/model/entries.ts';
import type { Frame } from '../../src/model/frame.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { createHistory } from '../../src/session/history.ts';
import { makeSnapshot, timingsOf, tscPrices } from '../../test/analysis/snapshot-builder.ts';

const stepMs = 500;
/** As in the live session: judged over ten seconds, drawn over sixty. */
const judgedSnapshots = 21;
const drawnSnapshots = 121;

/** Frames of a target of which every number changes from one to the next, each made by the real judgement. */
export function movingTarget(random: () => number): () => Frame {
  const history = createHistory();
  const unwatched = timingsOf(tscPrices);
  const counts = new Map<string, EntryCount>();
  let seconds = 0;
  return () => {
    seconds += stepMs / 1_000;
    for (const [fn, slot, perSecond] of clocks) {
      const before = counts.get(`${fn} ${slot}`)?.count ?? 0;
      counts.set(`${fn} ${slot}`, { fn, slot, count: before + Math.round(perSecond * random()) });
    }
    history.add(moment(seconds, [...counts.values()], random));
    const past = history.all();
    return {
      state: 'live',
      behindSeconds: 0,
      intervalMs: stepMs,
      report: diagnose(makeWindow(past.slice(-judgedSnapshots), unwatched), { version: '0.0.0-bench' }),
      series: makeSeries(past.slice(-drawnSnapshots)),
      idleSeconds: 0,
    };
  };
}

const clocks: readonly (readonly [EntryFunction, number, number])[] = [
  ['clock_gettime', 0, 10_000],
  ['clock_gettime', 1, 300],
  ['clock_gettime', 3, 2_000_000],
  ['clock_gettime', 4, 40],
  ['gettimeofday', 0, 700],
];
const threadCount = 24;

function moment(seconds: number, counts: readonly EntryCount[], random: () => number): Snapshot {
  const usual = makeSnapshot({ hits: [['clock_gettime', 1, 20]] }, seconds);
  const jittered = Object.entries(tscPrices).map(([key, ns]) => [key, ns * (0.9 + random() / 5)] as const);
  const threads = Array.from({ length: threadCount }, (_, thread) =>
    counts.map((one) => ({ ...one, tid: 4_242 + thread, count: Math.round(one.count * ((thread + 1) / 300)) })),
  ).flat();
  const names = Object.fromEntries(threads.map(({ tid }) => [tid, `worker-${tid}-${Math.floor(random() * 1e6)}`]));
  const activity = { threadCount, threadNames: names, cpuTimeNs: seconds * 1e9 * 0.7 };
  const timings = timingsOf(Object.fromEntries(jittered), true);
  return {
    ...usual,
    activity: { value: activity, source: 'made up' },
    entries: {
      value: { method: 'bpf', exact: true, armedForMs: seconds * 1_000, counts, threads, unattributed: 0 },
      source: 'made up',
    },
    // As many batches as the sampler's budget pays for in half a second.
    timings: timings.map((sample) => ({ ...sample, perCallNs: sample.perCallNs.slice(0, 1) })),
  };
}
