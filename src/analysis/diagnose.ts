import type { Report } from '../model/report.ts';
import type { Window } from '../model/snapshot.ts';
import { type Basis, layBasis } from './basis.ts';
import { listCallSiteLimits } from './call-site-limits.ts';
import { describeCoverage, windowSeconds } from './coverage.ts';
import { writeHeadline } from './headline/write-headline.ts';
import { assessImpact } from './impact.ts';
import { withJointTarget } from './joint-target.ts';
import { judgeTarget, sightOf } from './judge-reads.ts';
import { judgeRules } from './judge-rules.ts';
import { known, mapKnown, unavailable } from './known.ts';
import { listLimits } from './limits.ts';
import { rules } from './rules/index.ts';
import { slowFrom } from './slow-from.ts';
import { summarizeCallSites } from './summarize-call-sites.ts';
import { summarizeClock, summarizeFunction } from './summarize-clock.ts';
import { summarizeCost } from './summarize-cost.ts';
import { summarizeMappings } from './summarize-mappings.ts';
import { summarizeThreads } from './summarize-threads.ts';

/** The judgement of one window: pure, and safe to serialise as JSON. */
export function diagnose(window: Window, tool: { readonly version: string }): Report {
  const basis = layBasis(withJointTarget(window));
  const sight = sightOf(basis);
  const judged = judgeRules(rules, basis);
  const judgement = judgeTarget(basis, sight);
  const { last } = window;
  return {
    schema: 1,
    tool: { name: 'vdsotop', version: tool.version },
    at: new Date(last.atMs).toISOString(),
    window: { seconds: windowSeconds(basis) },
    target: describeTarget(window, basis),
    host: describeHost(window),
    ...judgement,
    slowFrom,
    impact: assessImpact(basis),
    headline: writeHeadline({ basis, sight, judged, ...judgement }),
    clocks: basis.clocks.map((read) => summarizeClock(basis, read, sight)),
    functions: basis.functions.map((read) => summarizeFunction(basis, read, sight)),
    threads: mapKnown(basis.counted, (counted) => summarizeThreads(counted, window)),
    callSites: summarizeCallSites(basis),
    callSiteLimits: listCallSiteLimits(basis),
    events: last.events,
    findings: judged.map(({ finding }) => finding),
    mappings: summarizeMappings(last.target, last.host),
    sysinfoEhdr: known(last.target.sysinfoEhdr),
    clockPage: known(last.clockPage),
    limits: listLimits(basis),
    coverage: describeCoverage(basis),
    cost: summarizeCost(basis),
  };
}

function describeTarget({ last }: Window, { cpuCores, threads }: Basis): Report['target'] {
  const { target } = last;
  return {
    pid: target.pid,
    comm: known(target.comm),
    exe: known(target.exe),
    commandLine: known(target.commandLine),
    uid: known(target.uid),
    bits: known(target.bits),
    linkage: known(target.linkage),
    threads,
    cpuCores,
    children: known(target.children),
    libc: known(target.libc),
    runtime: known(target.runtime),
    cgroup: known(target.cgroup),
    ended: last.ended,
  };
}

function describeHost({ last: { host, clockPage } }: Window): Report['host'] {
  return {
    hostname: known(host.hostname),
    architecture: known(host.architecture),
    kernel: known(host.kernelRelease),
    commandLine: known(host.kernelCommandLine),
    clocksource: known(host.currentClocksource),
    availableClocksources: known(host.availableClocksources),
    hypervisor: known(host.hypervisor),
    distribution: known(host.distribution),
    machineModel: known(host.machineModel),
    cpuModel: mapKnown(known(host.cpu), ({ model }) => model),
    clockMode: mapKnown(known(clockPage), ({ clockMode }) => clockMode),
    vdsoBuildId: mapKnown(
      known(host.ownVdso),
      ({ buildId }) => buildId ?? unavailable('absent', 'the vDSO image has no build id'),
    ),
  };
}
