import { performance } from 'node:perf_hooks';
import type { UnwindRow } from '../../elf/unwind-row.ts';
import { callTarget, isAfterCall, maxCallBytes, maxStubBytes, stubSlot } from '../../elf/x86-call.ts';
import { maxPrologueBytes, type PrologueRow, readPrologue } from '../../elf/x86-prologue.ts';
import type { CodePlace } from '../../model/call-sites.ts';
import type { Unavailable } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { processDirectory } from '../process/process-directory.ts';
import { createAddressSpace } from './address-space.ts';
import type { CodeMapping } from './code-mapping.ts';
import { createJitSymbols, type JitSymbols } from './jit-symbols.ts';
import { createMemory } from './memory.ts';
import { createModuleCache, type MappedModule } from './module-cache.ts';
import type { ModuleFiles } from './module-files.ts';
import { readTargetMemory } from './target-memory.ts';

/** What is known of the code at addresses of one target; remembered until its mappings are read again. */
export interface CodePlaces {
  /** The place of an address; its name is that of the function at `lookUp`, which for a return address lies one before. */
  placeAt(address: number, lookUp: number): CodePlace;
  /** How to leave the function at an address of code of this ELF machine; undefined where no file says. */
  unwindRowAt(address: number, elfMachine: number): UnwindRow | undefined;
  /** False for what cannot be a return address: no code there or, on x86, no call before it. */
  canReturnTo(address: number, x86: boolean): boolean;
  /** How the first instructions of the function at an address of x86 say to leave it; undefined where its start is not known. */
  prologueAt(address: number): Prologue | undefined;
  /** Whether the call before a return address of x86-64 goes to that function, directly or through a PLT entry. */
  calls(returnAddress: number, functionStart: number): boolean;
  /** Whether a name of that place is on its way. */
  awaitsName(address: number): boolean;
  /** To be told of a place that is shown without its name: why that is becomes an obstacle. */
  noteNameless(address: number): void;
  /** What could not be read, and why: names and callers may be missing for it. */
  obstacles(): readonly Unavailable[];
  /** Nothing holds any more, as after an exec. Files are closed. */
  forget(): void;
}

export interface Prologue extends PrologueRow {
  readonly functionStart: number;
}

interface Located {
  readonly mapping: CodeMapping;
  readonly module: MappedModule;
  /** In the file's own addresses. */
  readonly fileAddress: number | undefined;
}

interface FoundSymbol {
  readonly name: string | Uint8Array;
  readonly start: number;
}

const maxNameCharacters = 256;
const maxNamelessFiles = 4;
/** A JIT compiler moves and replaces its code. */
const jitNamesLastMs = 5_000;

/** `bits` of the target; `minRereadMs` as createAddressSpace has it; `files` as createModuleCache. */
export function createCodePlaces(pid: number, bits: 32 | 64, minRereadMs: number, files?: ModuleFiles): CodePlaces {
  const space = createAddressSpace(pid, minRereadMs);
  const modules = createModuleCache(pid, bits, files);
  const mapped = () => space.generation + modules.namings;
  const places = createMemory<CodePlace>(mapped);
  const jitPlaces = createMemory<CodePlace>(() => space.generation + Math.floor(performance.now() / jitNamesLastMs));
  const rows = createMemory<UnwindRow | undefined>(mapped);
  const returns = createMemory<boolean>(mapped);
  const prologues = createMemory<Prologue | undefined>(mapped);
  const targets = createMemory<number | undefined>(mapped);
  const namelessFiles = new Map<string, Unavailable>();
  let jit: JitSymbols | undefined;

  const locate = (address: number): Located | undefined => {
    const mapping = space.find(address);
    if (mapping === undefined) return undefined;
    const module = modules.of(mapping);
    return { mapping, module, fileAddress: module.code?.addressOf(address - mapping.start + mapping.offset) };
  };
  const symbolAt = (address: number, { module, fileAddress }: Located): FoundSymbol | undefined => {
    if (module.code !== undefined) return fileSymbol(address, module.code.symbolAt, fileAddress);
    if (module.kind !== 'anonymous') return undefined;
    jit ??= createJitSymbols(pid);
    return jit.find(address);
  };
  const locatedSymbol = (address: number) => {
    const located = locate(address);
    return located && symbolAt(address, located);
  };
  const name = (address: number, lookUp: number): CodePlace => {
    const located = locate(lookUp);
    if (located === undefined) return { address: address.toString(16), kind: 'unknown' };
    return toPlace(address, located, symbolAt(lookUp, located));
  };
  const readCode = (address: number, length: number): Uint8Array | undefined => {
    const { mapping, module } = locate(address) ?? {};
    if (mapping === undefined || module === undefined) return undefined;
    const wanted = Math.min(length, mapping.end - address);
    if (module.code !== undefined) return module.code.read(address - mapping.start + mapping.offset, wanted).slice();
    const memory = readTargetMemory(processDirectory(pid), address, wanted);
    return 'value' in memory ? memory.value : undefined;
  };
  const bytesBefore = (address: number) => readCode(address - maxCallBytes, maxCallBytes);
  const targetOf = (returnAddress: number): number | undefined => {
    const target = callTarget(bytesBefore(returnAddress) ?? new Uint8Array(), returnAddress);
    if (target === undefined) return undefined;
    if ('slot' in target) return readSlot(pid, target.slot);
    const slot = stubSlot(readCode(target.code, maxStubBytes) ?? new Uint8Array(), target.code);
    return slot === undefined ? target.code : readSlot(pid, slot);
  };
  const canReturnTo = (address: number, x86: boolean): boolean => {
    if (space.find(address - 1) === undefined) return false;
    const bytes = x86 ? bytesBefore(address) : undefined;
    return bytes === undefined || isAfterCall(bytes);
  };
  const prologueAt = (address: number): Prologue | undefined => {
    const { start } = locatedSymbol(address) ?? {};
    const bytes = start === undefined ? undefined : readCode(start, Math.min(address - start, maxPrologueBytes));
    return start === undefined || bytes === undefined
      ? undefined
      : { functionStart: start, ...readPrologue(bytes, bits) };
  };
  return {
    placeAt(address, lookUp) {
      const mapping = space.find(lookUp);
      const memory = mapping === undefined || mapping.inode === '0' ? jitPlaces : places;
      return memory.get(address * 2 + (address - lookUp), () => name(address, lookUp));
    },
    unwindRowAt: (address, elfMachine) =>
      rows.get(address, () => {
        const { module, fileAddress } = locate(address) ?? {};
        if (fileAddress === undefined || module?.code?.machine !== elfMachine) return undefined;
        return module.code.unwindRowAt(fileAddress);
      }),
    canReturnTo: (address, x86) => returns.get(address, () => canReturnTo(address, x86)),
    prologueAt: (address) => prologues.get(address, () => prologueAt(address)),
    calls: (returnAddress, start) => targets.get(returnAddress, () => targetOf(returnAddress)) === start,
    awaitsName: (address) => locate(address)?.module.code?.namesPending() ?? false,
    noteNameless(address) {
      const { mapping, module } = locate(address) ?? {};
      const why = module?.code?.namesLacking();
      if (mapping !== undefined && why !== undefined && namelessFiles.size < maxNamelessFiles)
        namelessFiles.set(mapping.name, why);
    },
    obstacles: () => [
      ...(space.failure === undefined ? [] : [space.failure]),
      ...modules.obstacles(),
      ...namelessFiles.values(),
    ],
    forget() {
      space.forget();
      modules.clear();
      namelessFiles.clear();
      jit = undefined;
    },
  };
}

type SymbolAt = NonNullable<MappedModule['code']>['symbolAt'];

function fileSymbol(address: number, symbolAt: SymbolAt, fileAddress: number | undefined): FoundSymbol | undefined {
  const symbol = fileAddress === undefined ? undefined : symbolAt(fileAddress);
  if (symbol === undefined || fileAddress === undefined) return undefined;
  return { name: symbol.name, start: address - (fileAddress - symbol.address) };
}

function toPlace(address: number, { mapping, module }: Located, symbol: FoundSymbol | undefined): CodePlace {
  const { kind } = module;
  const file = kind === 'anonymous' ? '' : cleanText(Buffer.from(mapping.name, 'latin1'), maxNameCharacters);
  const name = symbol === undefined ? '' : cleanText(symbol.name, maxNameCharacters);
  return {
    address: address.toString(16),
    kind,
    ...(file !== '' && { module: file }),
    ...(symbol !== undefined && name !== '' && { symbol: name, offset: address - symbol.start }),
  };
}

/** The address that the loader wrote into a slot of the target. */
function readSlot(pid: number, slot: number): number | undefined {
  const memory = readTargetMemory(processDirectory(pid), slot, 8);
  if (!('value' in memory)) return undefined;
  const { buffer, byteOffset } = memory.value;
  return Number(new DataView(buffer, byteOffset, 8).getBigUint64(0, true));
}
