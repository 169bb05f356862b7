import { boots } from '../boots.ts';
import { kernels } from '../kernels.ts';
import { expectedText, type Outcome } from '../outcome.ts';
import type { Scenario } from '../scenario.ts';
import { labTargets } from '../targets.ts';
import { keptOf } from './kept.ts';

const preamble = `# The kernel lab

Made by \`npm run lab\`, not by hand: it boots Debian's kernels in QEMU without hardware virtualisation, starts these
programs in them, and lets the real vdsotop say what it sees. *Right* means: the verdict and every cause named under
*expected* are confirmed; no other cause is confirmed or likely, and nothing else is confirmed that does not hold of that
machine. *Seconds* are those of the guest's clock from attaching to the report, for two of which vdsotop
watches, less the time in which the host let the guest wait for a CPU.
How it works: [lab/README.md](../lab/README.md).
`;

/** docs/lab.md from the outcomes of a whole run. */
export function labInMarkdown(outcomes: readonly Outcome[]): string {
  return [preamble, kernelTable(outcomes), bootTable(), scenarioTable(outcomes)].join('\n');
}

function kernelTable(outcomes: readonly Outcome[]): string {
  const rows = kernels.map(({ name, architecture, suite }) => {
    const own = outcomes.filter(({ scenario }) => scenario.kernel === name);
    const right = own.filter(({ state }) => state === 'right').length;
    return `| ${name} | ${architecture} | ${suite} | ${versionsOf(own)} | ${right} of ${own.length} |`;
  });
  return `## Kernels\n\n| name | architecture | Debian suite | version | scenarios right |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** More than one where a suite has moved between runs. */
function versionsOf(outcomes: readonly Outcome[]): string {
  const versions = new Set(outcomes.flatMap(({ scenario }) => keptOf(scenario.id)?.kernelVersion ?? []));
  return versions.size === 0 ? 'not to be had' : [...versions].sort().join(', ');
}

function bootTable(): string {
  const rows = Object.entries(boots).map(
    ([name, { parameters, cpus, confirmed }]) =>
      `| ${name} | ${parameters === '' ? 'none' : `\`${parameters}\``} | ${cpus} | ${confirmed.join(', ') || 'nothing'} |`,
  );
  return `## Machines\n\n| boot | kernel parameters | CPUs | confirmed of the machine |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function scenarioTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) => `${scenarioCells(outcome.scenario)} ${outcomeCells(outcome)}`);
  return `## Scenarios\n\n| scenario | the program reads | expected | got | seconds |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** The first half of a row: what is known before any run. */
export function scenarioCells(scenario: Scenario): string {
  return `| ${scenario.id} | ${labTargets[scenario.target].does} | ${expectedText(scenario)} |`;
}

function outcomeCells({ state, misses, got, verdict, seconds }: Outcome): string {
  if (state === 'skipped') return `skipped: ${misses.join(' ')} | |`;
  const said = [verdict, ...got].join(', ');
  const wrong = state === 'right' ? 'right' : `**wrong** (${misses.join('; ').replaceAll('|', '/')})`;
  return `${wrong}: ${said} | ${seconds === undefined ? '' : (Math.ceil(seconds * 2) / 2).toFixed(1)} |`;
}
