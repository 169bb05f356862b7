import type { Outcome } from '../outcome.ts';

/** JUnit XML: a test suite for each kernel, a case for each scenario. */
export function junit(outcomes: readonly Outcome[]): string {
  const suites = Object.entries(Object.groupBy(outcomes, ({ scenario }) => scenario.kernel)).map(
    ([kernel, all = []]) => {
      const count = (state: Outcome['state']) => all.filter((outcome) => outcome.state === state).length;
      const counts = `tests="${all.length}" failures="${count('wrong')}" skipped="${count('skipped')}"`;
      return `<testsuite name="${inXml(kernel)}" ${counts}>\n${all.map(testCase).join('\n')}\n</testsuite>`;
    },
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lab">\n${suites.join('\n')}\n</testsuites>\n`;
}

function testCase({ scenario: { id, kernel }, state, misses, seconds = 0 }: Outcome): string {
  const said = inXml(misses.join('\n'));
  const inside = {
    right: '',
    wrong: `<failure message="${inXml(misses[0] ?? '')}">${said}</failure>`,
    skipped: `<skipped message="${said}"/>`,
  };
  return `<testcase classname="lab.${inXml(kernel)}" name="${inXml(id)}" time="${seconds.toFixed(1)}">${inside[state]}</testcase>`;
}

/** Reports quote strings of targets: what XML 1.0 cannot hold is left out. */
function inXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/g, '?').replace(/[&<>"]/g, (sign) => names[sign] ?? sign);
}
