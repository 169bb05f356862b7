import type { Difference, DifferenceSide, DifferenceVerdict } from '../../model/difference.ts';
import { mapKnown } from '../known.ts';
import { compareClocks } from './compare-clocks.ts';
import { compareEnvironment } from './compare-environment.ts';
import { compareFindings } from './compare-findings.ts';
import { comparePrices } from './compare-prices.ts';
import { gotWorse } from './got-worse.ts';
import { ratioInterval } from './judge-ratio.ts';
import type { Watch } from './watch.ts';

/** What changed from one stretch of watching to another, with a verdict on every number (docs/diff.md). */
export function compareWatches(before: Watch, after: Watch, tool: { readonly version: string }): Difference {
  const prices = comparePrices(before, after);
  const clocks = compareClocks(before, after, prices);
  return {
    difference: 1,
    tool: { name: 'vdsotop', version: tool.version },
    before: sideOf(before),
    after: sideOf(after),
    verdict: verdictOf(clocks),
    worse: clocks.some(gotWorse),
    hostSlowdown: mapKnown(prices.hostSlowdown, ratioInterval),
    ...(prices.hostSlowdownWatched !== undefined && {
      hostSlowdownWatched: mapKnown(prices.hostSlowdownWatched, ratioInterval),
    }),
    clocks,
    ...compareEnvironment(before, after, clocks),
    findings: compareFindings(before.report, after.report),
  };
}

function sideOf({ label, report }: Watch): DifferenceSide {
  const { at, window, target, verdict, headline } = report;
  return { label, at, seconds: window.seconds, pid: target.pid, comm: target.comm, verdict, headline };
}

/** Of all that was read on either side: an idle clock whose price is too noisy leaves nothing open. */
function verdictOf(clocks: Difference['clocks']): DifferenceVerdict {
  if (clocks.some(({ verdict }) => verdict === 'changed')) return 'changed';
  const read = clocks.filter(({ path }) => path.before !== 'none' || path.after !== 'none');
  return read.every(({ verdict }) => verdict === 'same') ? 'same' : 'cannot-tell';
}
