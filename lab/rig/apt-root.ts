import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configuredMirror } from './mirror.ts';
import { cache } from './paths.ts';
import { run } from './run.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const freshForMs = 24 * 3_600_000;

/** apt with a root of its own for one suite and architecture: it sees nothing of the machine's packages, nor changes them. */
export interface AptRoot {
  /** The version that the suite has of a package now. */
  versionOf(name: string): string;
  /** Names of the packages that it depends on. */
  dependenciesOf(name: string): readonly string[];
  /** Path of the package's file; apt has checked the chain from Debian's key to it. */
  download(name: string): string;
}

/** Lists are asked for once a day. Throws with apt's words where the suite is gone or not signed by a known key. */
export function aptRoot(suite: string, architecture: string): AptRoot {
  const home = join(cache, 'apt', `${suite}-${architecture}`);
  const lists = join(home, 'lists');
  for (const path of ['etc/preferences.d', 'lists/partial']) mkdirSync(join(home, path), { recursive: true });
  if (!existsSync(join(home, 'status'))) writeFileSync(join(home, 'status'), '');
  writeFileSync(join(home, 'etc/sources.list'), sourcesOf(suite, architecture));
  const apt = (program: string, args: readonly string[], cwd = home) =>
    run(program, [...optionsFor(home, architecture), ...args], { cwd });
  if (!isFresh(lists)) apt('apt-get', ['-o', 'APT::Update::Error-Mode=any', 'update']);
  const versionOf = (name: string) =>
    /^Version: (.+)$/m.exec(apt('apt-cache', ['show', '--no-all-versions', name]))?.[1] ?? '';
  return {
    versionOf,
    dependenciesOf: (name) =>
      [...apt('apt-cache', ['depends', '--important', name]).matchAll(/^ *\|?(?:Pre)?Depends: (\S+)/gm)].map(
        ([, it = '']) => it,
      ),
    download: (name) =>
      downloaded(name, architecture, versionOf(name), (folder) => apt('apt-get', ['download', name], folder)),
  };
}

function sourcesOf(suite: string, architecture: string): string {
  const { main, security } = configuredMirror();
  const options = `[arch=${architecture} signed-by=${keyring}]`;
  return [
    `deb ${options} ${main} ${suite} main`,
    ...(security ? [`deb ${options} ${security} ${suite}-security main`] : []),
  ]
    .join('\n')
    .concat('\n');
}

function optionsFor(home: string, architecture: string): readonly string[] {
  const settings = {
    'Dir::Etc': join(home, 'etc'),
    'Dir::Etc::sourcelist': join(home, 'etc/sources.list'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State': home,
    'Dir::State::status': join(home, 'status'),
    'Dir::Cache': home,
    'APT::Architecture': architecture,
    'Acquire::Languages': 'none',
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** What was downloaded of that version before is used again. */
function downloaded(name: string, architecture: string, version: string, download: (folder: string) => void): string {
  const folder = join(cache, 'packages');
  const file = join(folder, `${name}_${version.replaceAll(':', '%3a')}_${architecture}.deb`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) download(folder);
  return file;
}

function isFresh(lists: string): boolean {
  const newest = readdirSync(lists)
    .filter((name) => name.endsWith('Release'))
    .map((name) => statSync(join(lists, name)).ctimeMs);
  return newest.length > 0 && Date.now() - Math.max(...newest) < freshForMs;
}
