// Builds everything that vdsotop runs from: node scripts/build.mjs [native|bundle] [--into FOLDER]. Without a part, both;
// into dist unless told otherwise. CC names the compiler, of another machine too.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cFlags } from './c-flags.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { positionals, values } = parseArgs({ allowPositionals: true, options: { into: { type: 'string' } } });
const dist = resolve(values.into ?? join(root, 'dist'));

const parts = { native: buildNative, bundle: buildBundle };
const [asked] = positionals;
if (asked !== undefined && !(asked in parts)) fail(`unknown part '${asked}': expected native or bundle`);
mkdirSync(dist, { recursive: true });
for (const [name, build] of Object.entries(parts)) if (asked === undefined || asked === name) await build();

function buildNative() {
  const native = join(root, 'native');
  const sources = readdirSync(native)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(native, name));
  const library = ['-fPIC', '-shared', '-fvisibility=hidden', '-o', join(dist, 'libvdsotop.so')];
  compile([...cFlags, ...library, ...sources]);
  compile([...cFlags, '-pthread', '-o', join(dist, 'vdsotop-demo'), join(native, 'demo', 'demo.c')]);
}

function compile(args) {
  const compiler = process.env.CC ?? 'cc';
  try {
    execFileSync(compiler, args, { stdio: 'inherit' });
  } catch (error) {
    if (error.code === 'ENOENT')
      fail(`no C compiler: '${compiler}' was not found; install one (Debian: apt-get install gcc libc6-dev) or set CC`);
    fail(`the native library did not compile (see above); the command was: ${compiler} ${args.join(' ')}`);
  }
}

/** ESM files for the command; what loads a binary by path stays outside. The fonts of PNG pictures lie beside them. */
async function buildBundle() {
  cpSync(join(root, 'src', 'capsule', 'fonts'), join(dist, 'fonts'), { recursive: true });
  const { build } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { bundleOptions } = await import('./bundle-options.mjs');
  await build(bundleOptions(root, dist, version));
}

function fail(message) {
  console.error(`vdsotop build: ${message}`);
  process.exit(1);
}
