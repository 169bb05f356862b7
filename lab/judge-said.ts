import type { Report } from '../src/model/report.ts';
import { secondsToReport } from '../test/targets/judge.ts';
import { type Boot, boots } from './boots.ts';
import { accused, judgeScenario } from './judge.ts';
import { type Kernel, kernels } from './kernels.ts';
import { mistimedClocks } from './mistimed-clocks.ts';
import type { Outcome } from './outcome.ts';
import type { Said } from './results/kept.ts';
import type { Starvation } from './rig/starvation.ts';
import type { Scenario } from './scenario.ts';

/** The outcome of a scenario from what the guest said of it. */
export function judgeSaid(scenario: Scenario, said: Said | undefined): Outcome {
  const wrong = (miss: string): Outcome => ({ scenario, state: 'wrong', misses: [miss], got: [], verdict: '' });
  if (said === undefined) return wrong('the guest said nothing of it');
  if (said.status === 'target') return wrong(`the target ended at once: ${said.error.trim()}`);
  if (said.status !== '0') return wrong(`vdsotop ended with ${said.status}: ${said.error.trim()}`);
  if (said.screenMisses !== undefined) return screenOutcome(scenario, said.screenMisses);
  return reportOutcome(scenario, JSON.parse(said.report), said);
}

function screenOutcome(scenario: Scenario, misses: readonly string[]): Outcome {
  const state = misses.length === 0 ? 'right' : 'wrong';
  return { scenario, state, misses, got: ['the screen'], verdict: scenario.expected.verdict };
}

function reportOutcome(scenario: Scenario, report: Report, { starvation, nodeStartMs = 0 }: Said): Outcome {
  const { confirmed } = boots[scenario.boot];
  const seconds = ownSeconds(secondsToReport(report), starvation);
  const misses = [
    ...judgeScenario(report, scenario.expected, { machine: confirmed, way: scenario.way, seconds, nodeStartMs }),
    ...(staysHealthy(scenario) ? mistimedClocks(report, machines[kernelOf(scenario).architecture]) : []),
  ];
  return {
    scenario,
    state: misses.length === 0 ? 'right' : 'wrong',
    misses,
    got: accused(report.findings.filter(({ id }) => !confirmed.some((known) => known === id))),
    verdict: report.verdict,
    seconds,
  };
}

const machines = { amd64: 'x86_64', arm64: 'aarch64' } as const;

/** Whether the vDSO answers all the while. */
function staysHealthy({ boot, way }: Scenario): boolean {
  const { healthy = false }: Boot = boots[boot];
  return healthy && !way.includes('switched');
}

function kernelOf({ kernel }: Scenario): Kernel {
  const found = kernels.find(({ name }) => name === kernel);
  if (found === undefined) throw new Error(`the lab has no kernel '${kernel}'`);
  return found;
}

/** Less the part of them in which the guest stood still because the host was busy with others: its clock went on. */
function ownSeconds(seconds: number, { wallMs, waitedMs }: Starvation = { wallMs: 1, waitedMs: 0 }): number {
  return seconds * (1 - Math.min(1, waitedMs / wallMs));
}
