// The kernel lab: boots real kernels, runs vdsotop on programs in them, and checks what it says. See lab/README.md.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { judgeSaid } from './judge-said.ts';
import { type Kernel, kernels } from './kernels.ts';
import { labOptions, matches, usage } from './options.ts';
import type { Outcome } from './outcome.ts';
import { consoleLine } from './results/console-line.ts';
import { junit } from './results/junit.ts';
import { keepSaid, keptOf, type Said } from './results/kept.ts';
import { labInMarkdown } from './results/markdown.ts';
import { bootGuest } from './rig/boot-guest.ts';
import { fetchKernel, type KernelImage } from './rig/fetch-kernel.ts';
import { buildImage } from './rig/image.ts';
import { images, removeLeftImages, root } from './rig/paths.ts';
import { planOf } from './rig/plan.ts';
import { installCommand, installPackages, missingPackages } from './rig/requirements.ts';
import { runBoot } from './rig/run-boot.ts';
import { ranStaleCode } from './rig/stale-code.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

/** An emulated machine may not come up, or stop in the middle: that says nothing of vdsotop, and is told. */
const boots = 3;

const options = readOptions();
const chosen = scenarios.filter(
  ({ id, quick }) => (options.only === undefined || matches(options.only, id)) && (!options.quick || quick),
);

if (options.list) {
  for (const { id } of chosen) console.log(id);
  process.exit(0);
}
if (chosen.length === 0) fail(2, `no scenario is like '${options.only}'; --list says which there are`);
if (options.keep && !process.stdin.isTTY) fail(2, '--keep needs a terminal, which the shell in the guest is given');
requirePackages();
removeLeftImages();
process.exit(await runLab().finally(() => rmSync(images, { recursive: true, force: true })));

async function runLab(): Promise<number> {
  const outcomes: Outcome[] = [];
  for (const kernel of kernels) {
    const own = chosen.filter((scenario) => scenario.kernel === kernel.name);
    if (own.length > 0) outcomes.push(...(await runKernel(kernel, own)));
  }
  write(outcomes);
  const count = (state: Outcome['state']) => outcomes.filter((outcome) => outcome.state === state).length;
  console.log(`${count('right')} right, ${count('wrong')} wrong, ${count('skipped')} skipped of ${outcomes.length}`);
  return count('wrong') > 0 || count('right') === 0 ? 1 : 0;
}

async function runKernel(kernel: Kernel, own: readonly Scenario[]): Promise<readonly Outcome[]> {
  let image: KernelImage;
  try {
    image = fetchKernel(kernel);
  } catch (error) {
    return own.map((scenario) => tell(skipped(scenario, String(error))));
  }
  const files = buildImage(kernel.architecture, options.dist ?? join(root, 'dist'));
  const outcomes: Outcome[] = [];
  for (const [boot, all = []] of Object.entries(Object.groupBy(own, ({ boot }) => boot))) {
    console.log(`-- ${kernel.name} (${image.version}), ${boot}`);
    const onSaid = (scenario: Scenario, words: Omit<Said, 'kernelVersion'> | undefined) => {
      const said = words && { ...words, kernelVersion: image.version };
      if (said !== undefined && options.dist === undefined) keepSaid(scenario.id, said);
      outcomes.push(tell(judgeSaid(scenario, said)));
    };
    let left: readonly Scenario[] = all;
    for (let tried = 1; tried <= boots && left.length > 0; tried += 1) {
      const again: Scenario[] = [];
      const plan = planOf(left, options.keep);
      const guest = bootGuest(kernel, image, files, boot as Scenario['boot'], plan);
      const { unsaid, why = '' } = await runBoot(guest, left, (scenario, words) => {
        if (tried < boots && ranStaleCode(words.report)) again.push(scenario);
        else onSaid(scenario, words);
      });
      tellAgain(unsaid, why);
      tellAgain(again, 'no tracepoint fired in its guest, whose CPU went on with code from before it was patched');
      left = [...unsaid, ...again];
    }
    for (const scenario of left) onSaid(scenario, undefined);
  }
  return outcomes;
}

function tellAgain(scenarios: readonly Scenario[], why: string): void {
  for (const { id } of scenarios) console.log(`again   ${id}: ${why}`);
}

function tell(outcome: Outcome): Outcome {
  console.log(consoleLine(outcome));
  return outcome;
}

function skipped(scenario: Scenario, reason: string): Outcome {
  return { scenario, state: 'skipped', misses: [reason], got: [], verdict: '' };
}

/** The document is made of what was last said of each scenario; of which nothing was, that is said. */
function write(outcomes: readonly Outcome[]): void {
  if (options.junit !== undefined) {
    mkdirSync(dirname(options.junit), { recursive: true });
    writeFileSync(options.junit, junit(outcomes));
  }
  const latest = scenarios.map(
    (scenario) => outcomes.find((one) => one.scenario === scenario) ?? keptOutcome(scenario),
  );
  if (options.quick || options.dist !== undefined) return;
  writeFileSync(join(root, 'docs/lab.md'), labInMarkdown(latest));
}

function keptOutcome(scenario: Scenario): Outcome {
  const said = keptOf(scenario.id);
  return said === undefined ? skipped(scenario, 'not run yet') : judgeSaid(scenario, said);
}

function requirePackages(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (!options.install) fail(5, `not installed: ${missing.join(' ')}; '${installCommand(missing)}' does, or --install`);
  installPackages(missing);
}

function readOptions() {
  try {
    return labOptions();
  } catch (error) {
    return fail(2, `${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function fail(status: number, message: string): never {
  console.error(`lab: ${message}`);
  process.exit(status);
}
