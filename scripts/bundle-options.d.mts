import type { BuildOptions } from 'esbuild';

export function bundleOptions(root: string, dist: string, version: string): BuildOptions;
