// Measures what must hold, each thing beside its peer, and writes docs/benchmarks.md:
//
//   npm run bench [-- --only NAME] [--quick]
//
// Each benchmark's latest whole result on each host is kept in bench/results, and the document is made of those; --quick
// only prints.
// Needs root, perf, bpftrace, htop, btop and an idle machine; ends with 1 where a bound is not met or something could
// not be measured.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { diffRates } from './diff-rates.ts';
import { exactCounts } from './exact-counts.ts';
import { fastRates } from './fast-rates.ts';
import { heapGrowth } from './heap-growth.ts';
import { observerEffect } from './observer-effect.ts';
import { recordingCost } from './recording-cost.ts';
import type { Benchmark } from './rig/benchmark.ts';
import { endChildren } from './rig/child.ts';
import { consoleReport } from './rig/console-report.ts';
import { hostLine } from './rig/host-line.ts';
import { hostName } from './rig/host-name.ts';
import { type Finished, markdownReport } from './rig/markdown-report.ts';
import { root } from './rig/paths.ts';
import { waitForQuiet } from './rig/quiet.ts';
import { samplerPrices } from './sampler-prices.ts';
import { saveCost } from './save-cost.ts';
import { screenCost } from './screen-cost.ts';
import { startUp } from './start-up.ts';
import { vdsoLoop } from './vdso-loop.ts';

const benchmarks = [
  exactCounts,
  observerEffect,
  vdsoLoop,
  fastRates,
  samplerPrices,
  diffRates,
  startUp,
  screenCost,
  saveCost,
  recordingCost,
  heapGrowth,
] as const satisfies readonly Benchmark[];
const document = join(root, 'docs/benchmarks.md');
const results = join(root, 'bench/results');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
/** What another benchmark left behind is over by then; other work on the machine may not be. */
const quietWithinMs = 60_000;

const { only, quick } = readOptions();
const finished: Finished[] = [];
for (const benchmark of benchmarks.filter(({ name }) => only === undefined || name === only)) {
  const result = await measure(benchmark);
  finished.push(result);
  if (!quick) keep(result);
}
if (!quick) writeDocument();
process.exit(finished.every(holds) ? 0 : 1);

function readOptions() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } } });
  const names = benchmarks.map(({ name }) => name);
  if (values.only === undefined || names.includes(values.only)) return values;
  console.error(`bench: no benchmark '${values.only}'; there are ${names.join(', ')}`);
  process.exit(2);
}

async function measure({ name, title, run }: Benchmark): Promise<Finished> {
  console.log(`\n${title} (${name})`);
  const disturbance = await waitForQuiet(quietWithinMs);
  const at = new Date().toISOString().slice(0, 16);
  const startedMs = performance.now();
  const progress = (line: string) => console.log(`    ${line}`);
  const outcome = await run({ quick, progress }).catch((error: unknown) => ({
    failure: error instanceof Error ? error.message : String(error),
  }));
  await endChildren();
  const seconds = (performance.now() - startedMs) / 1_000;
  console.log('failure' in outcome ? `  could not be measured: ${outcome.failure}` : consoleReport(outcome));
  return { name, title, outcome, disturbance, at, seconds, host: hostLine(), version };
}

function holds({ outcome }: Finished): boolean {
  return !('failure' in outcome) && outcome.rows.every(({ met }) => met !== false);
}

function keep(result: Finished): void {
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, `${result.name}--${hostName()}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

/** The latest whole results, the newest host's first, each host's in the order of the table. */
function kept(): readonly Finished[] {
  const all = readdirSync(results).map((file): Finished => JSON.parse(readFileSync(join(results, file), 'utf8')));
  const newestOf = Map.groupBy(all, ({ host }) => host);
  const rank = ({ name }: Finished) => benchmarks.findIndex((benchmark) => benchmark.name === name);
  const newest = ({ host }: Finished) =>
    newestOf
      .get(host)
      ?.map(({ at }) => at)
      .sort()
      .at(-1) ?? '';
  return all.sort((a, b) => newest(b).localeCompare(newest(a)) || rank(a) - rank(b));
}

function writeDocument(): void {
  writeFileSync(document, markdownReport(kept()));
  console.log(`\nwritten: ${document}`);
}
