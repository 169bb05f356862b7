// Compiles the C library and its self-test under sanitizers into build/ and runs it: node scripts/test-native.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cFlags, sanitizerFlags } from './c-flags.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const build = join(root, 'build');
const program = join(build, 'selftest');
const compiler = process.env.CC ?? 'cc';

mkdirSync(build, { recursive: true });
const sources = [...cFiles('native'), ...cFiles(join('native', 'selftest'))];
run(compiler, [...cFlags, ...sanitizerFlags, '-pthread', '-o', program, ...sources], 'the self-test did not compile');
run(program, [], 'the native self-test failed');

function cFiles(directory) {
  return readdirSync(join(root, directory))
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(root, directory, name));
}

function run(command, args, failure) {
  const { status, signal, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  const why = error?.message ?? (signal === null ? `exit ${status}` : `killed by ${signal}`);
  console.error(`vdsotop test: ${failure} (${why})`);
  process.exit(1);
}
