import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');

/** A part of src and everything it may import: other parts by name, packages, and 'node:' for Node's own modules. */
interface Part {
  readonly name: string;
  readonly holds: (path: string) => boolean;
  readonly may: readonly string[];
}

const folder = (name: string) => (path: string) => path.startsWith(`${name}/`);

/** The direction of data flow: native → collect → Snapshot → analysis → Report → view → ui. Nothing flows back. */
const parts: readonly Part[] = [
  { name: 'model', holds: folder('model'), may: [] },
  {
    name: 'native',
    holds: (path) => path === 'native.ts' || path.startsWith('native/'),
    may: ['model', 'koffi', 'node:'],
  },
  { name: 'elf', holds: folder('elf'), may: ['model'] },
  {
    name: 'collect',
    holds: folder('collect'),
    may: ['model', 'native', 'elf', 'node:', 'execa', 'systeminformation', 'xz-decompress'],
  },
  { name: 'analysis', holds: folder('analysis'), may: ['model'] },
  { name: 'expression', holds: folder('expression'), may: ['model'] },
  { name: 'view', holds: folder('view'), may: ['model'] },
  { name: 'chart', holds: folder('chart'), may: ['model', 'blessed-contrib'] },
  { name: 'picture', holds: folder('capsule/picture'), may: ['model', 'view'] },
  {
    name: 'capsule',
    holds: (path) => path.startsWith('capsule/') && !path.startsWith('capsule/picture/'),
    may: ['model', 'view', 'analysis', 'picture', 'node:', 'ajv', '@resvg'],
  },
  { name: 'ui', holds: folder('ui'), may: ['model', 'view', 'chart', 'ink', 'react', 'chalk'] },
  {
    name: 'session',
    holds: (path) => path === 'session.ts' || path.startsWith('session/'),
    may: ['model', 'collect', 'analysis', 'capsule', 'node:'],
  },
  {
    name: 'commands',
    holds: (path) => path === 'cli.ts' || path.startsWith('commands/'),
    may: [
      'model',
      'native',
      'collect',
      'analysis',
      'expression',
      'view',
      'chart',
      'picture',
      'capsule',
      'ui',
      'session',
      'node:',
      'commander',
      'execa',
    ],
  },
];

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
const sourceOf = (path: string) => readFileSync(join(src, path), 'utf8');

describe('the direction of data flow', () => {
  it('gives every source file to one part', () => {
    const homeless = files.filter((path) => parts.filter((part) => part.holds(path)).length !== 1);
    expect(homeless).toEqual([]);
  });

  it.each(parts)('$name imports only what it may', (part) => {
    const offences = files
      .filter((path) => part.holds(path))
      .flatMap((path) => importsOf(path).map((target) => ({ path, target })))
      .filter(({ target }) => target !== part.name && !part.may.includes(target))
      .map(({ path, target }) => `${path} imports ${target}`);
    expect(offences).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(files.filter((path) => reachableFrom(path).has(path))).toEqual([]);
  });

  it('lets only the commands read argv, the environment or the terminal, and set the exit code', () => {
    const forbidden = /\bprocess\.(argv|exitCode|exit\(|stdout\.isTTY|stdin\.isTTY)/;
    const offences = files.filter((path) => !/^(cli\.ts|commands\/)/.test(path) && forbidden.test(sourceOf(path)));
    expect(offences).toEqual([]);
  });

  it('keeps clocks, randomness and the environment out of what is pure', () => {
    const impure = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|process\.|setTimeout|setInterval|fetch\()/;
    const offences = files.filter(
      (path) => /^(elf|analysis|expression|view|capsule\/picture)\//.test(path) && impure.test(sourceOf(path)),
    );
    expect(offences).toEqual([]);
  });
});

describe('the shape of the source', () => {
  it('has a line in src/README.md for every folder', () => {
    const readme = readFileSync(join(src, 'README.md'), 'utf8');
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !readme.includes(`\`${name}/\``))).toEqual([]);
  });

  it('has no drawers', () => {
    expect(files.filter((path) => /(^|\/)(utils?|helpers?|common|misc)(\/|\.)/.test(path))).toEqual([]);
  });
});

/** Every source file that a file imports, and those that these import in turn. */
function reachableFrom(path: string, reached = new Set<string>()): ReadonlySet<string> {
  const fresh = specifiersOf(path)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(src, resolve(src, dirname(path), specifier)))
    .filter((target) => files.includes(target) && !reached.has(target));
  for (const target of fresh) reachableFrom(target, reached.add(target));
  return reached;
}

/** The parts and packages that a file's import lines name. */
function importsOf(path: string): readonly string[] {
  return specifiersOf(path).map((specifier) => nameOf(path, specifier));
}

/** What a file's import lines name, static and dynamic. */
function specifiersOf(path: string): readonly string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]|(?:^|\n)import\s+['"]([^'"]+)['"]/g;
  return [...sourceOf(path).matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

function nameOf(from: string, specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  if (!specifier.startsWith('.')) return specifier.split('/')[0] ?? specifier;
  const target = relative(src, resolve(src, dirname(from), specifier));
  return parts.find((part) => part.holds(target))?.name ?? `unknown file ${target}`;
}
