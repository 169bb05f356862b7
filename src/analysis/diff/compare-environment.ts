import type { ChangedThing, ClockDifference, EnvironmentChange } from '../../model/difference.ts';
import type { Known } from '../../model/reading.ts';
import { isUnavailable, mapKnown, orElse } from '../known.ts';
import { environmentFacts } from './environment-facts.ts';
import { sideTexts } from './side-texts.ts';
import type { Watch } from './watch.ts';

export interface ComparedEnvironment {
  readonly environment: readonly EnvironmentChange[];
  readonly notCompared: readonly string[];
}

/** The facts that are not what they were, in the order of how likely they bear upon what changed. */
export function compareEnvironment(
  before: Watch,
  after: Watch,
  clocks: readonly ClockDifference[],
): ComparedEnvironment {
  const things = changedThings(clocks);
  const [from, to] = [before.snapshots.at(-1), after.snapshots.at(-1)];
  if (from === undefined || to === undefined) return { environment: [], notCompared: [] };
  const facts = environmentFacts.map((fact) => ({ ...fact, ...bothSides(fact.read(from), fact.read(to)) }));
  const changed = facts.flatMap(({ what, weighs, before: one, after: other }) => {
    if (isUnavailable(one) || isUnavailable(other) || one === other) return [];
    const bearsOn = things.filter((thing) => (weighs[thing] ?? 0) > 0);
    const guilt = bearsOn.reduce((most, thing) => Math.max(most, weighs[thing] ?? 0), 0);
    return [{ guilt, change: { what, before: one, after: other, bearsOn } }];
  });
  return {
    environment: changed.toSorted((a, b) => b.guilt - a.guilt).map(({ change }) => change),
    notCompared: facts.flatMap(({ what, before: one, after: other }) => notCompared(what, one, other)),
  };
}

function bothSides(before: Side, after: Side): { readonly before: Known<string>; readonly after: Known<string> } {
  const texts = (one: Side, other: Side) => mapKnown(one, (own) => sideTexts(own, orElse(other, ''))[0]);
  return { before: texts(before, after), after: texts(after, before) };
}

type Side = Known<string | readonly string[]>;

/** What was hidden before a capsule was kept says nothing by being the same. */
const hidden = /\((?:\d+ |host name )?hidden\)/;

/** What is absent on both sides is alike; what could be read on one and not on the other cannot be compared. */
function notCompared(what: string, before: Known<string>, after: Known<string>): readonly string[] {
  if (!isUnavailable(before) && !isUnavailable(after))
    return before === after && hidden.test(before) ? [`${what} (hidden)`] : [];
  const bothAbsent = [before, after].every((side) => isUnavailable(side) && side.unavailable === 'absent');
  return bothAbsent ? [] : [what];
}

/** What kinds of things changed in any row. */
function changedThings(clocks: readonly ClockDifference[]): readonly ChangedThing[] {
  const changed = (thing: ChangedThing) => clocks.some((clock) => hasChanged[thing](clock));
  return (Object.keys(hasChanged) as ChangedThing[]).filter(changed);
}

const hasChanged: Readonly<Record<ChangedThing, (clock: ClockDifference) => boolean>> = {
  paths: ({ path }) => path.verdict === 'changed',
  'fast prices': ({ prices }) =>
    prices.some(({ path, p50, p99 }) => (path === 'vdso' || path === 'libc') && [p50, p99].some(isChanged)),
  'kernel prices': ({ prices }) =>
    prices.some(({ path, p50, p99 }) => (path === 'syscall' || path === 'vsyscall') && [p50, p99].some(isChanged)),
  rates: ({ kernelEntriesPerSecond, fastCallsPerSecond }) =>
    [kernelEntriesPerSecond, fastCallsPerSecond].some(isChanged),
};

function isChanged({ verdict }: { readonly verdict: string }): boolean {
  return verdict === 'changed';
}
