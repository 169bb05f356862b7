import type { HostFacts } from '../model/host.ts';
import type { Mapping, MappingSummary } from '../model/mappings.ts';
import type { Known } from '../model/reading.ts';
import type { TargetFacts } from '../model/target.ts';
import { isAtLeast, isAtMost } from './kernel-version.ts';
import { isUnavailable, known, orElse } from './known.ts';
import { vsyscallMode } from './vsyscall-mode.ts';

/** The target's clock mappings, each with what is unusual about it. */
export function summarizeMappings(target: TargetFacts, host: HostFacts): Known<readonly MappingSummary[]> {
  const mappings = known(target.mappings);
  if (isUnavailable(mappings)) return mappings;
  const scene: Scene = { target, host, mappings };
  return mappings.map((mapping) => {
    const unusual = rules[mapping.name].map((rule) => rule(mapping, scene)).find((sentence) => sentence !== undefined);
    return unusual === undefined ? mapping : { ...mapping, unusual };
  });
}

interface Scene {
  readonly target: TargetFacts;
  readonly host: HostFacts;
  readonly mappings: readonly Mapping[];
}

type MappingRule = (mapping: Mapping, scene: Scene) => string | undefined;

const rules: Readonly<Record<Mapping['name'], readonly MappingRule[]>> = {
  '[vdso]': [writableImage, movedImage, otherSize],
  '[vvar]': [leftAlone, unexpectedSize],
  '[vvar_vclock]': [unexpectedSize],
  '[vsyscall]': [readablePage],
};

function writableImage({ permissions }: Mapping): string | undefined {
  return permissions.startsWith('r-x')
    ? undefined
    : `its permissions are ${permissions}, where the kernel maps it r-xp`;
}

/** AT_SYSINFO_EHDR of the auxiliary vector holds the address at which exec mapped the vDSO. */
function movedImage({ start }: Mapping, { target }: Scene): string | undefined {
  const address = orElse(known(target.sysinfoEhdr), undefined);
  if (address === undefined || !isHex(address) || !isHex(start)) return undefined;
  if (BigInt(`0x${address}`) === 0n) return 'the auxiliary vector has no AT_SYSINFO_EHDR: libc is not told where it is';
  if (BigInt(`0x${address}`) === BigInt(`0x${start}`)) return undefined;
  return `it was mapped at ${address} at exec and has been moved since, as restoring a checkpoint does`;
}

function isHex(text: string): boolean {
  return /^[0-9a-f]+$/i.test(text);
}

function otherSize({ sizeBytes }: Mapping, { target, host }: Scene): string | undefined {
  const own = orElse(known(host.ownMappings), []).find(({ name }) => name === '[vdso]');
  if (known(target.bits) !== 64 || own === undefined || own.sizeBytes === sizeBytes) return undefined;
  return `${kib(sizeBytes)}, but ${kib(own.sizeBytes)} in vdsotop's own process: it is another image`;
}

/** FACTS: valgrind unmaps [vdso] and leaves [vvar]; nothing is corrupt then. */
function leftAlone(_mapping: Mapping, { mappings }: Scene): string | undefined {
  if (mappings.some(({ name }) => name === '[vdso]')) return undefined;
  return 'without [vdso]: something unmapped the vDSO after exec, as valgrind does; its data alone serves nobody';
}

interface LayoutRow {
  readonly from: string;
  readonly to: string;
  readonly pages: { readonly [N in Mapping['name']]?: number };
}

/** x86-64 mainline, as read in the sources of these versions; distributions backport. */
const layouts: readonly LayoutRow[] = [
  { from: '5.6', to: '6.12', pages: { '[vvar]': 4, '[vvar_vclock]': 0 } },
  { from: '6.13', to: '6.14', pages: { '[vvar]': 2, '[vvar_vclock]': 2 } },
  { from: '6.17', to: '7.3', pages: { '[vvar]': 4, '[vvar_vclock]': 2 } },
];

const pageBytes = 4_096;

function unexpectedSize({ name, sizeBytes }: Mapping, { target, host }: Scene): string | undefined {
  const release = orElse(known(host.kernelRelease), undefined);
  if (release === undefined || known(host.architecture) !== 'x86_64' || known(target.bits) !== 64) return undefined;
  const row = layouts.find(({ from, to }) => isAtLeast(release, from) && isAtMost(release, to));
  const pages = row?.pages[name];
  if (row === undefined || pages === undefined || pages * pageBytes === sizeBytes) return undefined;
  return `${kib(sizeBytes)}, where mainline ${row.from} to ${row.to} has ${pages === 0 ? 'no such mapping' : kib(pages * pageBytes)}`;
}

/** '--xp' (xonly) is the default; all are in every 64-bit process of the host and say nothing about use. */
function readablePage({ permissions }: Mapping, { host }: Scene): string | undefined {
  const [release, commandLine] = [host.kernelRelease, host.kernelCommandLine].map((one) =>
    orElse(known(one), undefined),
  );
  const mode = vsyscallMode(permissions, release, commandLine);
  if (mode === 'xonly') return undefined;
  const runs =
    mode === undefined ? 'the kernel maps it in no way that is known here' : `the kernel runs with vsyscall=${mode}`;
  return `${permissions}: ${runs}; every process has it, and it says nothing about use`;
}

function kib(bytes: number): string {
  return `${bytes / 1_024} KiB`;
}
