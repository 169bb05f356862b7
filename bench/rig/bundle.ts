import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../scripts/bundle-options.mjs';
import { root } from './paths.ts';

/** Bundles a program of bench/ just as vdsotop itself is bundled; answers its path. Node cannot run .tsx as it is. */
export async function bundleProgram(source: string): Promise<string> {
  const outdir = join(root, 'build/bench', source.replace(/\.\w+$/, ''));
  await build({
    ...bundleOptions(root, outdir, '0.0.0-bench'),
    entryPoints: { program: join(root, 'bench', source) },
    outdir,
    entryNames: '[name]',
  });
  return join(outdir, 'program.js');
}
