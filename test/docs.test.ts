import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

describe('documents made from tables', () => {
  it('are up to date', () => {
    const { stderr, status } = spawnSync(process.execPath, ['scripts/docs.ts', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('include a man page that man can format without a warning', ({ skip }) => {
    const formatted = spawnSync('man', ['--warnings', '-l', join(root, 'man/vdsotop.1')], {
      encoding: 'utf8',
      env: { ...process.env, MANPAGER: 'cat', MANROFFOPT: '', LC_ALL: 'C.UTF-8' },
    });
    skip(formatted.error !== undefined, 'man is not installed');
    expect(formatted.stderr).toBe('');
    expect(formatted.stdout).toMatch(/EXIT STATUS/);
  });
});

describe('what is pinned', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const all: Record<string, string> = {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  };

  it('is pinned to one version', () => {
    expect(Object.values(all).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('is named in docs/dependencies.md with that version', () => {
    const document = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
    expect(
      Object.entries(all).filter(([name, version]) => !document.includes(`\`${name}\``) || !document.includes(version)),
    ).toEqual([]);
  });

  it('is whole in the lock file: npm ci refuses one that misses a platform', () => {
    const packages: Record<string, { optionalDependencies?: Record<string, string> }> = lock.packages;
    const named = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(
      named.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`))),
    ).toEqual([]);
  });
});
