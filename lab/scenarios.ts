import { expandRow, type Scenario } from './scenario.ts';
import { arm64Rows } from './scenarios/arm64.ts';
import { clocksourceRows } from './scenarios/clocksource.ts';
import { rightsRows } from './scenarios/rights.ts';
import { screenRows } from './scenarios/screens.ts';
import { treeRows } from './scenarios/trees.ts';
import { tscRows } from './scenarios/tsc.ts';
import { vdsoRows } from './scenarios/vdso.ts';

/** All of the lab, in the order in which docs/lab.md shows it. */
export const scenarios: readonly Scenario[] = [
  ...tscRows,
  ...clocksourceRows,
  ...vdsoRows,
  ...rightsRows,
  ...treeRows,
  ...arm64Rows,
  ...screenRows,
].flatMap(expandRow);
