// `npm start`: builds what is out of date, then runs vdsotop with the arguments given, or its demo without any.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const products = ['cli.js', 'libvdsotop.so', 'vdsotop-demo'].map((name) => join(root, 'dist', name));
const sources = ['src', 'native', 'scripts', 'package.json'].map((name) => join(root, name));

if (outOfDate()) {
  const built = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const given = process.argv.slice(2);
const run = spawnSync(join(root, 'bin', 'vdsotop'), given.length > 0 ? given : ['demo'], { stdio: 'inherit' });
if (run.signal) process.kill(process.pid, run.signal);
process.exit(run.status ?? 1);

function outOfDate() {
  if (!products.every(existsSync)) return true;
  const oldestProduct = Math.min(...products.map((path) => statSync(path).mtimeMs));
  return sources.some((path) => newest(path) > oldestProduct);
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
