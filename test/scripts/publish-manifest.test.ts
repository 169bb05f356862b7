import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

describe('the published manifest', () => {
  it('names koffi and, as optional, resvg, carries no Node, and is put back after packing', () => {
    const copy = mkdtempSync(join(tmpdir(), 'vdsotop-manifest-'));
    try {
      mkdirSync(join(copy, 'scripts'));
      for (const file of ['package.json', 'scripts/publish-manifest.mjs'])
        copyFileSync(join(root, file), join(copy, file));
      const manifest = () => readFileSync(join(copy, 'package.json'), 'utf8');
      const before = manifest();
      execFileSync(process.execPath, ['scripts/publish-manifest.mjs', 'strip'], { cwd: copy });
      const published = JSON.parse(manifest());
      expect(Object.keys(published.dependencies)).toEqual(['koffi']);
      expect(published.optionalDependencies).toEqual({ '@resvg/resvg-js': expect.stringMatching(/^\d+\.\d+\.\d+$/) });
      expect(published).not.toHaveProperty('devDependencies');
      execFileSync(process.execPath, ['scripts/publish-manifest.mjs', 'restore'], { cwd: copy });
      expect(manifest()).toBe(before);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
