import type { DynamicModule } from '../../elf/dynamic-module.ts';

/** A program or library as the loader lists it. */
export interface LoadedModule {
  /** Path, not cleaned; the program's own for the first. */
  readonly name: string;
  /** What was added to the addresses of its file; 0 where only the file is read. */
  readonly base: number;
  readonly tables: DynamicModule;
}
