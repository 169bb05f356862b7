import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../rig/paths.ts';
import type { Starvation } from '../rig/starvation.ts';

/** What a guest has said of one scenario, and of which kernel. */
export interface Said {
  readonly kernelVersion: string;
  /** Exit status of vdsotop; 'target' where the target did not live. */
  readonly status: string;
  /** As vdsotop printed it; of a screen, empty. */
  readonly report: string;
  readonly error: string;
  /** How long a bare Node took to start and end in the guest, before or after, whichever was longer; 0 of a screen. */
  readonly nodeStartMs?: number;
  /** How the host let the guest run meanwhile. */
  readonly starvation?: Starvation;
  /** What was not to be read on the screen; only of a screen. */
  readonly screenMisses?: readonly string[];
}

const folder = join(root, 'build/lab');
const fileOf = (id: string) => join(folder, `${id.replaceAll('/', '__')}.json`);

/** The latest of each scenario is kept, so that docs/lab.md can be made of runs of a part each. */
export function keepSaid(id: string, said: Said): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(id), JSON.stringify(said));
}

export function keptOf(id: string): Said | undefined {
  return existsSync(fileOf(id)) ? JSON.parse(readFileSync(fileOf(id), 'utf8')) : undefined;
}
