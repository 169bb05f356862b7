import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Said } from '../results/kept.ts';
import type { Scenario } from '../scenario.ts';
import { driveScreen } from '../screen-steps.ts';
import type { Guest } from './boot-guest.ts';
import { readGuestWords } from './guest-words.ts';
import { kernelFailure } from './kernel-failure.ts';
import { lendConsole } from './lend-console.ts';
import { consoles, root } from './paths.ts';
import { type Starvation, watchStarvation } from './starvation.ts';

const pollMs = 500;
/** A guest that says nothing for so long hangs. */
const silenceMs = 180_000;
const bootMs = 120_000;
const eachMs = 60_000;

export interface Followed {
  /** Of which the guest has not said all … */
  readonly unsaid: readonly Scenario[];
  /** … and why, where there are any. */
  readonly why?: string;
}

/**
 * Follows a guest through its scenarios to its end, or to the limit of time that they may take; it is over then. Calls
 * back with each scenario of which the guest has said all, in its order.
 */
export async function runBoot(
  { console, end }: Guest,
  scenarios: readonly Scenario[],
  onSaid: (scenario: Scenario, said: Omit<Said, 'kernelVersion'>) => void,
): Promise<Followed> {
  const limit = Date.now() + bootMs + eachMs * scenarios.length;
  const screens = new Map<string, readonly string[]>();
  const told = new Set<Scenario>();
  const begun = new Map<string, () => Starvation>();
  let heard = { length: 0, atMs: Date.now() };
  let ended = false;
  void console.exit.then(() => {
    ended = true;
  });
  const tellNew = (output: string) => {
    const said = readGuestWords(output);
    for (const scenario of scenarios.filter((one) => said.has(one.id) && !told.has(one))) {
      told.add(scenario);
      const starvation = begun.get(scenario.id)?.();
      const words = withScreen(said.get(scenario.id), screens.get(scenario.id));
      if (words !== undefined) onSaid(scenario, { ...words, ...(starvation && { starvation }) });
    }
  };
  while (!ended && Date.now() < limit && Date.now() - heard.atMs < silenceMs) {
    await sleep(pollMs);
    const output = console.output();
    if (output.length === heard.length) continue;
    heard = { length: output.length, atMs: Date.now() };
    for (const { id } of scenarios)
      if (!begun.has(id) && output.includes(`@@lab begin ${id}\r`)) begun.set(id, watchStarvation(console.pid));
    tellNew(output);
    const shown = scenarios.find(({ id }) => !screens.has(id) && output.includes(`@@lab screen ${id}\r`));
    if (output.includes('@@lab shell\r')) {
      await lendConsole(console);
      break;
    }
    if (shown !== undefined) screens.set(shown.id, await driveScreen(console, shown.way));
  }
  await end();
  tellNew(console.output());
  const unsaid = scenarios.filter((scenario) => !told.has(scenario));
  return { unsaid, ...(unsaid.length > 0 && { why: whyItEnded(console.output()) }) };
}

/** What it said stays: a kernel that fails once in ten boots is not asked to do it again. */
function whyItEnded(output: string): string {
  const kept = join(consoles, `${new Date().toISOString().replaceAll(':', '')}.txt`);
  mkdirSync(consoles, { recursive: true });
  writeFileSync(kept, output);
  const failure = kernelFailure(output);
  const what = failure === undefined ? 'its guest came to its end too early' : `its kernel failed (${failure})`;
  return `${what}; all that it said is in ${relative(root, kept)}`;
}

function withScreen(said: Omit<Said, 'kernelVersion'> | undefined, screenMisses: readonly string[] | undefined) {
  return said === undefined || screenMisses === undefined ? said : { ...said, screenMisses };
}
