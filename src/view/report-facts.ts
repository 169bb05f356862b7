import type { Interval } from '../model/interval.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import { countingCost } from './counting-cost.ts';
import { formatBytes, formatKnown, formatNs, formatShare, isUnavailable, notKnown, unavailableWord } from './format.ts';
import { formatShareInterval } from './format-limits.ts';
import { isLostWithTarget } from './lost-with-target.ts';
import { programWords } from './program-words.ts';

/** A label and what stands beside it. */
export type Fact = readonly [label: string, value: string];

/** Where a report comes from that was not watched, and what is missing from it. */
function replayFacts({ replayed }: Report): readonly Fact[] {
  if (replayed === undefined) return [];
  return [['saved', [`${replayed.savedAt} by vdsotop ${replayed.savedBy}.`, ...replayed.notes].join(' ')]];
}

/** When, who, where, and how much it costs the target. */
export function factsOf(report: Report): readonly Fact[] {
  const { host, target, impact } = report;
  const isLost = (value: Known<unknown>) => isLostWithTarget(report, value);
  const unlessLost = (value: Known<unknown>, text: string) => (isLost(value) ? [] : [text]);
  const who = [
    ...unlessLost(target.exe, said(target.exe)),
    ...unlessLost(
      target.bits,
      formatKnown(target.bits, (bits) => `${bits}-bit`),
    ),
    ...unlessLost(target.threads, `threads ${formatKnown(target.threads, String)}`),
    ...(target.ended ? ['ended'] : []),
  ];
  const program = programWords(report);
  const cost = [
    part(impact.coreShare, 'a core'),
    ...unlessLost(impact.targetCpuShare, part(impact.targetCpuShare, "the target's CPU time")),
  ];
  const isUnsampled = isLost(impact.kernelSampledCoreShare) && isLost(impact.fastCoreShare);
  const path = isUnavailable(target.runtime) ? undefined : target.runtime.clockPath;
  return [
    ['at', `${report.at}, vdsotop ${report.tool.version}`],
    ...replayFacts(report),
    ['target', who.join(', ')],
    ...(target.ended && !isLost(target.commandLine) && !isUnavailable(target.commandLine)
      ? [['started as', target.commandLine.join(' ')] as const]
      : []),
    ...(program === '' ? [] : [['program', program] as const]),
    ...(path === undefined ? [] : [['clock path', path] as const]),
    [
      'host',
      `${said(host.hostname)}, Linux ${said(host.kernel)}, ${said(host.architecture)}, hypervisor ${formatKnown(host.hypervisor, (name) => (name === 'none' ? 'none shown' : name))}`,
    ],
    [
      'clocksource',
      `${said(host.clocksource)} (available: ${formatKnown(host.availableClocksources, (names) => names.join(' '))}); vDSO mode ${said(host.clockMode)}`,
    ],
    ['impact', `${cost.join(', ')}: kernel entries × price`],
    ...(isUnsampled
      ? []
      : [
          [
            'CPU sampled',
            `${sampled(kernelCode, impact.kernelSampledCoreShare)}, ${sampled('vDSO', impact.fastCoreShare)}`,
          ] as const,
        ]),
  ];
}

/** Not all that a read takes there: it locks and copies in code that serves everybody. */
const kernelCode = 'kernel entry and clock code';

/** Where CPU sampling found the target, as a sentence of its own; none where it did not look. */
export function sampledShares({ impact }: Report): readonly string[] {
  const { kernelSampledCoreShare: kernel, fastCoreShare: fast } = impact;
  if (isUnavailable(kernel) && isUnavailable(fast)) return [];
  return [`all clocks together: ${sampled(kernelCode, kernel)}, ${sampled('vDSO', fast)}`];
}

/** What was watched, and how much of it was seen. */
export function coverageFacts({ coverage }: Report): readonly Fact[] {
  return [['window', coverage.sentence]];
}

/** What vdsotop takes: for itself, from the target, from others. */
export function costFacts(report: Report): readonly Fact[] {
  const { cost, coverage } = report;
  const added = cost.addedNsPerOtherSyscall;
  const counts = isUnavailable(coverage.method)
    ? []
    : [
        [
          'others',
          `any other syscall on this host, while vdsotop watches: ${isUnavailable(added) ? `not known: ${added.detail}` : `+${formatNs(added)}`}`,
        ] as const,
      ];
  return [
    ['vdsotop', `${formatShare(cost.coreShare)} of a core, ${formatBytes(cost.rssBytes)}`],
    ['counting', `${countingCost(report).long}; ${part(cost.targetCoreShare, 'a core')} taken from the target`],
    ['probes', `${part(cost.probesCoreShare, 'a core')} taken from the target`],
    ...counts,
  ];
}

function said(value: Known<string>): string {
  return formatKnown(value, (text) => text);
}

function part(value: Known<number>, what: string): string {
  return isUnavailable(value) ? `${unavailableWord(value)} (part of ${what})` : `${formatShare(value)} of ${what}`;
}

function sampled(what: string, share: Known<Interval>): string {
  return `${what} ${isUnavailable(share) ? notKnown(share) : `${formatShareInterval(share)} of a core`}`;
}
