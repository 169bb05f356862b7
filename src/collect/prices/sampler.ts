import type { TimingSample } from '../../model/prices.ts';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct, decodeStructs } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { nativeLibrary } from '../../native.ts';
import { readMappings } from '../process/read-mappings.ts';
import { encodePlan, samplingPlan, toSamples } from './sampling-plan.ts';

export interface SamplerOptions {
  /** Part of one core that `sample` may spend. Default 0.003. */
  readonly coreShare?: number;
}

export interface PricingOptions {
  /** Whether our counters count this process meanwhile. Default false. */
  readonly watched?: boolean;
  /** How often everything is timed: 3 ms a round on a tsc host. On a slow one fewer are made. Default 8. */
  readonly rounds?: number;
}

/** Times clock reads in our own process, on a worker thread. */
export interface Sampler {
  /** At least one round over everything, further ones while they take no more than 250 ms; not charged to the budget. */
  price(options?: PricingOptions): Promise<readonly TimingSample[]>;
  /**
   * The next part of the rotation, for as long as the budget saved up since the call before allows: a second's worth at
   * most, and 5 ms. Empty when there is none to spend.
   */
  sample(watched: boolean): Promise<readonly TimingSample[]>;
  /** CPU time spent in the timing loops since the sampler was made, `price` included. */
  spentNs(): number;
  setBudget(coreShare: number): void;
}

/** What is told is 0.3 %: the crossing into C and back is not in the time that C accounts for. */
const defaultCoreShare = 0.0028;
const defaultRounds = 8;
/** On a slow clocksource or a starved host a round takes long, and a verdict is waited for. */
const longestPriceMs = 250;
/** One call into C never takes longer while the target is watched: the worker thread is one of libuv's four. */
const longestRunNs = 5_000_000;
/** At the start nobody else needs the worker, and each call into C waits for a main thread that is busy starting. */
const longestPricingRunNs = 50_000_000;
/** Less than this is not worth the crossing into C: some two batches. */
const shortestRunNs = 60_000;

/** Throws where the native library cannot be loaded, as nativeLibrary does. */
export function createSampler({ coreShare = defaultCoreShare }: SamplerOptions = {}): Sampler {
  const runner = createRunner();
  const budget = createBudget(coreShare);
  let spentNs = 0;

  const runFor = async (budgetNs: number, mostBatches: number) => {
    const ran = await runner.run(budgetNs, mostBatches);
    spentNs += ran.spentNs;
    return ran;
  };

  return {
    async price({ watched = false, rounds = defaultRounds } = {}) {
      const startedMs = performance.now();
      const wanted = runner.plan.length * rounds;
      const results: BatchResult[] = [];
      // The first round is made whatever it takes: without it there is no price at all.
      while (results.length < runner.plan.length || !(results.length >= wanted || tookLong(startedMs)))
        results.push(...(await runFor(longestPricingRunNs, wanted - results.length)).results);
      budget.restart();
      return toSamples(runner.plan, results, watched);
    },
    async sample(watched) {
      const allowedNs = Math.min(budget.savedNs(), longestRunNs);
      if (allowedNs < shortestRunNs) return [];
      const ran = await runFor(allowedNs, runner.plan.length);
      budget.spend(ran.spentNs);
      return toSamples(runner.plan, ran.results, watched);
    },
    spentNs: () => spentNs,
    setBudget: (share) => budget.set(share),
  };
}

function tookLong(startedMs: number): boolean {
  return performance.now() - startedMs > longestPriceMs;
}

type BatchResult = StructOf<'vt_batch_result'>;

/** Runs the plan from where the run before ended. */
function createRunner() {
  const library = nativeLibrary();
  const plan = samplingPlan(isVsyscallExecutable());
  const encoded = encodePlan(plan);
  /** C makes one turn for each entry of its plan: a plan that is longer than that by rounds is the same one repeated. */
  const repeated = (rounds: number) =>
    rounds === 1 ? encoded : encodePlan(Array.from({ length: rounds }, () => plan).flat());
  let next = 0;
  return {
    plan,
    async run(budgetNs: number, most: number): Promise<{ results: readonly BatchResult[]; spentNs: number }> {
      const bytes = allocateStructs('vt_batch_result', most);
      const out = allocateStructs('vt_sampler_out');
      const { vt_sampler_run } = library.async;
      const rounds = Math.ceil(most / plan.length);
      const length = plan.length * rounds;
      const count = await vt_sampler_run(repeated(rounds), length, next, Math.round(budgetNs), bytes, most, out);
      if (count < 0) throw new Error(`the sampler refused its plan (${errnoName(count)})`);
      const ended = decodeStruct('vt_sampler_out', out);
      next = ended.next % plan.length;
      const results = decodeStructs('vt_batch_result', bytes, count).map((result) => ({
        ...result,
        plan_index: result.plan_index % plan.length,
      }));
      return { results, spentNs: ended.spent_ns };
    },
  };
}

/** Saves `coreShare` of every moment up, a second's worth at most; what was overspent is waited for. */
function createBudget(initialShare: number) {
  let coreShare = initialShare;
  let savedNs = 0;
  let countedMs = performance.now();
  const save = () => {
    const nowMs = performance.now();
    savedNs = Math.min(savedNs + (nowMs - countedMs) * 1e6 * coreShare, coreShare * 1e9);
    countedMs = nowMs;
  };
  return {
    savedNs() {
      save();
      return savedNs;
    },
    spend(ns: number) {
      savedNs -= ns;
    },
    set(share: number) {
      save();
      coreShare = share;
    },
    /** Pricing is no time to save up in. */
    restart() {
      savedNs = Math.min(savedNs, 0);
      countedMs = performance.now();
    },
  };
}

/** Both 'r-xp' (emulate) and '--xp' (xonly) can be called; a maps file that cannot be read is a no. */
function isVsyscallExecutable(): boolean {
  const mappings = readMappings('/proc/self');
  if ('unavailable' in mappings) return false;
  return mappings.value.some(({ name, permissions }) => name === '[vsyscall]' && permissions.includes('x'));
}
