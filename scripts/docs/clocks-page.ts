import { describeClockSupport, machines, type Support } from '../../src/analysis/clock-support.ts';
import { timedKernels } from '../../src/analysis/timed-kernels.ts';
import { historyLegend, historyWords } from '../../src/view/clocks-text.ts';

/** docs/clocks.md: since which kernel the vDSO of each machine answers a clock, with where that was read. */
export function clocksPage(): string {
  const { rows } = describeClockSupport({ kernel: '7.3', machine: 'x86_64' });
  return `${[
    '# Which clocks the vDSO answers, by kernel and machine',
    '',
    'Made by `npm run docs` from the tables that the rules judge by (src/analysis/clock-table.ts, function-history.ts).',
    "`vdsotop clocks` prints it with this host's own column, timed live, and says where the two disagree.",
    '',
    ...historyLegend.map((line) => `- ${line}`),
    '- A distribution may have backported; a clocksource that the vDSO cannot read sends every precise clock to the kernel.',
    '',
    `| id | clock | ${machines.join(' | ')} |`,
    `|---|---|${machines.map(() => '---|').join('')}`,
    ...rows.map(
      ({ id, name, history }) =>
        `| ${id ?? ''} | ${name} | ${machines.map((machine) => historyWords(history[machine])).join(' | ')} |`,
    ),
    '',
    '## Sources',
    '',
    'Kernel sources that were read: 4.4, 4.15, 4.18, 5.0, 5.3, 5.4, 5.8 (headers), 5.10, 5.15, 6.1, 6.2, 6.8, 6.12, 6.14, 6.17, 7.0, 7.2, 7.3.',
    '',
    `Of the clocks 0 to 9 and 11 and the functions, those that could be timed were as these tables say, by both paths, on ${timedKernelsPhrase()} (the kernel lab, [lab.md](lab.md)).`,
    '',
    ...rows.map(({ name, history }) => `- ${name}: ${sourcesOf(machines.map((machine) => history[machine]))}`),
  ].join('\n')}\n`;
}

/** 'x86_64 5.10.262-1, 6.1.192-2 and aarch64 6.1.192-2' */
function timedKernelsPhrase(): string {
  const byMachine = Object.entries(Object.groupBy(timedKernels, ({ machine }) => machine));
  return byMachine
    .map(([machine, kernels]) => `${machine} ${kernels.map(({ version }) => version).join(', ')}`)
    .join(' and ');
}

function sourcesOf(supports: readonly Support[]): string {
  const read = supports.filter(({ served }) => served !== 'not-read');
  return [...new Set(read.map(({ source }) => source))].join('; ');
}
