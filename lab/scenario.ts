import type { Report } from '../src/model/report.ts';
import type { BootName } from './boots.ts';
import type { KernelName } from './kernels.ts';
import type { TargetName } from './targets.ts';
import type { WayName } from './ways.ts';

/** What vdsotop must say. Whatever else it confirms, or calls a likely cause, is wrong. */
export interface Expected {
  readonly verdict: Report['verdict'];
  /** Ids that must be confirmed of this target; what is confirmed of the machine is the boot's. */
  readonly confirmed: readonly string[];
  /** Its nearest neighbours: must be neither confirmed nor likely, and must be among the findings. */
  readonly never?: readonly string[];
  /** What the first confirmed cause says would not help. */
  readonly wouldNotHelp?: RegExp;
  /** What decisive or strong evidence of the first confirmed cause must name. */
  readonly evidence?: RegExp;
  readonly headline?: RegExp;
  /** An event that must be told once, as 'kind: text'. */
  readonly event?: RegExp;
  /** A reading of the report's limits that must be named. */
  readonly limit?: RegExp;
}

/** A row of the table; it stands for a scenario on each of its kernels. */
export interface Row {
  readonly kernels: readonly KernelName[];
  readonly boot: BootName;
  readonly target: TargetName;
  /** How it is watched; by root, with nothing in the way, unless said. */
  readonly way?: WayName;
  readonly expected: Expected;
  /** Kernels on which it belongs to the short run. */
  readonly quick?: readonly KernelName[];
}

/** One kernel × boot × target × way of watching. */
export interface Scenario extends Omit<Row, 'kernels' | 'quick' | 'way'> {
  /** '6.1/hpet/static syscall()' */
  readonly id: string;
  readonly kernel: KernelName;
  readonly way: WayName;
  readonly quick: boolean;
}

export function expandRow({ kernels, quick = [], way = 'root', ...row }: Row): readonly Scenario[] {
  return kernels.map((kernel) => ({
    ...row,
    id: [kernel, row.boot, row.target, ...(way === 'root' ? [] : [way])].join('/'),
    kernel,
    way,
    quick: quick.includes(kernel),
  }));
}
