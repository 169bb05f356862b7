import { isLibcFile } from './is-libc-file.ts';
import type { LoadedModule } from './loaded-module.ts';

/** Modules whose GOT is read: the program and what it was linked with stand first. */
const maxSlotModules = 48;

/** Modules that call others, as far as their GOT is read. */
export function callingModules(modules: readonly LoadedModule[]): readonly LoadedModule[] {
  return modules.filter(({ name }) => !isLibcFile(name)).slice(0, maxSlotModules);
}
