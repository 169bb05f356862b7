// What is published is not what is developed in: the Node that the checkout carries for old systems stays out of it.
// So do the packages that the bundle holds: an installation needs koffi alone, and resvg for PNG pictures where there
// is one. `strip` (prepack) takes the others out of package.json, `restore` (postpack) puts the file back.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = join(root, 'package.json');
const saved = join(root, 'build', 'package.json.development');
const steps = { strip, restore };
const step = steps[process.argv[2]];
if (step === undefined) throw new Error(`expected strip or restore, got '${process.argv[2]}'`);
step();

function strip() {
  const whole = readFileSync(manifest, 'utf8');
  const { optionalDependencies, devDependencies, scripts, dependencies, ...published } = JSON.parse(whole);
  if (existsSync(saved))
    throw new Error(`${saved} is left from an interrupted pack: move it back to package.json first`);
  mkdirSync(dirname(saved), { recursive: true });
  writeFileSync(saved, whole);
  // npm runs postpack from the manifest it read before, so the scripts may go too.
  const resvg = '@resvg/resvg-js';
  const bare = {
    ...published,
    dependencies: { koffi: dependencies.koffi },
    optionalDependencies: { [resvg]: optionalDependencies[resvg] },
  };
  writeFileSync(manifest, `${JSON.stringify(bare, undefined, 2)}\n`);
}

function restore() {
  renameSync(saved, manifest);
}
