import type { TimingSample } from '../model.ts';
import { allocateStructs, decodeStruct, decodeStructs, errnoName, nativeLibrary, type StructOf } from '../native.ts';
import { readMappings } from './read-mappings.ts';
import { encodePlan, samplingPlan, toSamples } from './sampling-plan.ts';

export interface SamplerOptions {
  /** Part of one core that `sample` may spend. Default 0.003. */
  readonly coreShare?: number;
}

export interface PricingOptions {
  /** Whether our counters count this process meanwhile. Default false. */
  readonly watched?: boolean;
  /** Rounds that are made whatever they take, up to `longestPriceMs`: on a busy host many batches are disturbed. Default 6. */
  readonly rounds?: number;
  /** Further rounds are made while they fit into this much in all. Default 25. */
  readonly wallMs?: number;
}

/** Times clock reads in our own process, on a worker thread. */
export interface Sampler {
  /** At least one round over everything, and as many as the options ask for; not charged to the budget. */
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

const defaultCoreShare = 0.003;
const defaultWallMs = 25;
const defaultRounds = 6;
/** On a slow clocksource or a starved host a round takes long, and a verdict is waited for. */
const longestPriceMs = 250;
/** One call into C never takes longer; VT_SAMPLER_MAX_NS of native/vdsotop.h. */
const longestRunNs = 5_000_000;
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

  const runRound = async () => {
    const results: BatchResult[] = [];
    while (results.length < runner.plan.length)
      results.push(...(await runFor(longestRunNs, runner.plan.length - results.length)).results);
    return results;
  };

  return {
    async price({ watched = false, rounds = defaultRounds, wallMs = defaultWallMs } = {}) {
      const startedMs = performance.now();
      const results: BatchResult[] = [];
      let roundMs = 0;
      let elapsedMs = 0;
      for (let made = 0; made === 0 || elapsedMs + roundMs <= (made < rounds ? longestPriceMs : wallMs); made += 1) {
        results.push(...(await runRound()));
        const nowMs = performance.now() - startedMs;
        roundMs = nowMs - elapsedMs;
        elapsedMs = nowMs;
      }
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

type BatchResult = StructOf<'vt_batch_result'>;

/** Runs the plan from where the run before ended. */
function createRunner() {
  const library = nativeLibrary();
  const plan = samplingPlan(isVsyscallExecutable());
  const encoded = encodePlan(plan);
  let next = 0;
  return {
    plan,
    async run(budgetNs: number, most: number): Promise<{ results: readonly BatchResult[]; spentNs: number }> {
      const bytes = allocateStructs('vt_batch_result', most);
      const out = allocateStructs('vt_sampler_out');
      const { vt_sampler_run } = library.async;
      const count = await vt_sampler_run(encoded, plan.length, next, Math.round(budgetNs), bytes, most, out);
      if (count < 0) throw new Error(`the sampler refused its plan (${errnoName(count)})`);
      const ended = decodeStruct('vt_sampler_out', out);
      next = ended.next;
      return { results: decodeStructs('vt_batch_result', bytes, count), spentNs: ended.spent_ns };
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
