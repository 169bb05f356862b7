import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { startChild } from '../rig/child.ts';
import { root } from '../rig/paths.ts';

/** Kept from one run of the benchmark to the next, because all of them take longer than a machine should be held. */
const folder = join(root, 'build/bench/diff-rates');
const captureProgram = join(import.meta.dirname, 'capture.ts');

/** The clock that is made dearer: MONOTONIC. */
export const slowerClock = 1;

/** 'plain': as the clock is; 'slower': with the spin. */
export type Variant = 'plain' | 'slower';

/** The native library whose MONOTONIC can be made dearer (slower-clock.c). */
export function buildSlowerLibrary(): string {
  mkdirSync(folder, { recursive: true });
  const native = join(root, 'native');
  const sources = readdirSync(native).filter((name) => name.endsWith('.c'));
  const library = join(folder, 'libslower.so');
  const shared = ['-fPIC', '-shared', '-fvisibility=hidden', '-Wl,--wrap=vt_vdso_own', '-o', library];
  const program = join(import.meta.dirname, 'slower-clock.c');
  execFileSync('gcc', [
    '-std=gnu17',
    '-O2',
    '-D_GNU_SOURCE',
    ...shared,
    ...sources.map((name) => join(native, name)),
    program,
  ]);
  return library;
}

/** Watches `pid` for so long in a process of its own, and keeps what it saw under that name. */
export async function capture(pid: number, durationMs: number, name: string, library: string, turns: number) {
  const env = {
    ...process.env,
    VDSOTOP_NATIVE: library,
    VT_SLOWER_CLOCK: String(slowerClock),
    VT_SLOWER_TURNS: String(turns),
  };
  const child = await startChild(process.execPath, [captureProgram, String(pid), String(durationMs)], { env });
  const text = await child.line();
  await child.end();
  const unfinished = join(folder, `${name}.unfinished`);
  writeFileSync(unfinished, text);
  renameSync(unfinished, pathOf(name));
}

/** What the slower captures were taken with, so that later ones are like them. */
export async function rememberedTurns(calibrate: () => Promise<number>): Promise<number> {
  const path = join(folder, 'turns.json');
  if (!existsSync(path)) writeFileSync(path, JSON.stringify(await calibrate()));
  return JSON.parse(readFileSync(path, 'utf8')) as number;
}

export function hasCapture(name: string): boolean {
  return existsSync(pathOf(name));
}

export function readCapture(name: string): readonly Snapshot[] {
  return JSON.parse(readFileSync(pathOf(name), 'utf8')) as readonly Snapshot[];
}

export function nameOf(variant: Variant, index: number): string {
  return `${variant}-${index}`;
}

function pathOf(name: string): string {
  return join(folder, `${name}.json`);
}
