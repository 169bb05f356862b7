import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { bundleOptions } from '../../scripts/bundle-options.mjs';
import { type ChartRequest, drawChart } from '../../src/chart/chart.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'vdsotop-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('bundles the chart so that it draws the same without blessed, lodash and all that blessed-contrib brings', async () => {
  const options = { ...bundleOptions(root, folder, '1.2.3'), entryPoints: [join(root, 'src/chart/chart.ts')] };
  const { metafile } = await build({ ...options, metafile: true });
  const packages = Object.keys(metafile.inputs).flatMap((path) => /node_modules\/([^/]+)/.exec(path)?.[1] ?? []);
  expect(new Set(packages)).toEqual(new Set(['blessed-contrib', 'x256']));

  const points = Array.from({ length: 61 }, (_, second) => ({ atMs: second * 1000, value: 100 + (second % 7) * 20 }));
  const request: ChartRequest = { points, width: 80, height: 12, symbols: 'braille', scale: 'linear', unit: 'ns' };
  const bundled: { drawChart: typeof drawChart } = await import(join(folder, 'chart.js'));
  expect(bundled.drawChart(request)).toEqual(drawChart(request));
});
