import type { Interposer } from '../../model/program.ts';
import { cleanText } from '../clean-text.ts';
import { clockFunctions } from './clock-functions.ts';
import { isLibcFile } from './is-libc-file.ts';
import type { LoadedModule } from './loaded-module.ts';

/** The clock functions that a module before libc defines; `modules` in the order in which the loader looks names up. */
export function interposersInOrder(modules: readonly LoadedModule[]): readonly Interposer[] {
  const searched = modules.filter(({ name }) => !isVdso(name));
  const libcs = searched.filter(({ name }) => isLibcFile(name));
  const [libc] = libcs;
  const before = libc === undefined ? [] : searched.slice(0, searched.indexOf(libc));
  return clockFunctions.flatMap((symbol) => {
    const versions = versionsOf(libcs, symbol);
    const first = before.find((module) => answers(module, symbol, versions));
    return first === undefined ? [] : [{ symbol, module: cleanText(first.name, 512), how: 'search-order' as const }];
  });
}

function versionsOf(libcs: readonly LoadedModule[], symbol: string): ReadonlySet<string> {
  return new Set(
    libcs
      .flatMap(({ tables }) => tables.define(symbol))
      .flatMap(({ version }) => (version === undefined ? [] : [version])),
  );
}

/** A reference to libc's version takes a definition of that version, or one without any (glibc's elf/dl-lookup.c, check_match). */
function answers({ tables }: LoadedModule, symbol: string, versions: ReadonlySet<string>): boolean {
  return tables.define(symbol).some(({ version }) => version === undefined || versions.has(version));
}

/** The vDSO stands in the loader's list, but lookups pass it by. */
function isVdso(name: string): boolean {
  return /^linux-(vdso|gate)/.test(name);
}
