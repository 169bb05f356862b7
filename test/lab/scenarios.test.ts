import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernels } from '../../lab/kernels.ts';
import { programs } from '../../lab/programs.ts';
import { scenarioCells } from '../../lab/results/markdown.ts';
import { scenarios } from '../../lab/scenarios.ts';
import { type LabTarget, labTargets } from '../../lab/targets.ts';
import { rules } from '../../src/analysis/rules/index.ts';

const ids: ReadonlySet<string> = new Set(rules.map(({ id }) => id));

describe('the table of the lab', () => {
  it('has at least sixty scenarios on four kernels of amd64 and one of arm64, each once', () => {
    const used = kernels.filter(({ name }) => scenarios.some(({ kernel }) => kernel === name));
    expect(scenarios.length).toBeGreaterThanOrEqual(60);
    expect(used.filter(({ architecture }) => architecture === 'amd64').length).toBeGreaterThanOrEqual(4);
    expect(used.filter(({ architecture }) => architecture === 'arm64').length).toBeGreaterThanOrEqual(1);
    expect(new Set(scenarios.map(({ id }) => id)).size).toBe(scenarios.length);
  });

  it('names rules that there are, and programs that are built for that architecture', () => {
    const named = scenarios.flatMap(({ expected }) => [...expected.confirmed, ...(expected.never ?? [])]);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    const always = ['node', 'sleep'];
    const missing = scenarios.filter(({ kernel, target }) => {
      const { architecture = 'amd64' } = kernels.find(({ name }) => name === kernel) ?? {};
      const { program }: LabTarget = labTargets[target];
      return !always.includes(program) && programs[architecture][program] === undefined;
    });
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it('is in docs/lab.md, row by row', () => {
    const document = readFileSync(join(import.meta.dirname, '../../docs/lab.md'), 'utf8');
    expect(scenarios.filter((scenario) => !document.includes(scenarioCells(scenario))).map(({ id }) => id)).toEqual([]);
    const rows = document.split('\n').filter((line) => /^\| \d[^|]*\/[^|]*\/[^|]* \|/.test(line));
    expect(rows.length).toBe(scenarios.length);
  });
});
