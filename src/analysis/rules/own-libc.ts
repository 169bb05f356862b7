import type { Evidence } from '../../model/findings.ts';
import type { Libc } from '../../model/program.ts';
import type { EnteredReads } from '../facts/entered-reads.ts';
import { savedShare } from './entered.ts';
import { type HashTables, muslFindsNothing } from './hash-tables.ts';
import { atItsPlace, fromOrigin, isDecisiveFor, placeEvidence } from './sampled.ts';
import { unlessPatched } from './unless-patched.ts';

export const exe = '/proc/PID/exe';

export interface SeenSites {
  readonly 'entries a healthy vDSO spares': EnteredReads;
  readonly 'call sites'?: Parameters<typeof fromOrigin>[1];
}

export interface SeenTables extends SeenSites {
  readonly libc?: Libc;
  readonly 'hash tables of the vDSO'?: HashTables;
  readonly 'patched vDSO'?: boolean;
}

interface SeenPrices extends Pick<SeenTables, 'call sites' | 'patched vDSO'> {
  readonly "entries this host's vDSO spares"?: EnteredReads;
  readonly 'price of a vDSO read'?: Parameters<typeof savedShare>[1];
}

/** Where no place was sampled, all of them may be its. */
export function ownReads({ 'entries a healthy vDSO spares': reads, 'call sites': sites }: SeenSites): EnteredReads {
  if (sites === undefined) return reads;
  const own = fromOrigin(reads, sites, 'libc');
  return own.names.length > 0 ? own : fromOrigin(reads, sites, 'unnamed');
}

export function savedByLibc({ "entries this host's vDSO spares": spared, 'call sites': sites, ...seen }: SeenPrices) {
  const reads = spared && ownReads({ 'entries a healthy vDSO spares': spared, 'call sites': sites });
  if (reads === undefined || reads.names.length === 0) return undefined;
  const isSure = sites !== undefined && seen['patched vDSO'] === false;
  return savedShare({ ...reads, callsCaught: isSure }, seen['price of a vDSO read']);
}

/** A libc that finds nothing in the vDSO calls none of it, patched or not. */
export function placesAndTables(seen: SeenTables, strength: Evidence['strength']): readonly Evidence[] {
  const placed = placeEvidence(seen['entries a healthy vDSO spares'], seen['call sites'], 'libc', strength);
  const byTables = byHashTables(seen);
  const sure = byTables.some(isDecisiveFor);
  return [...(sure ? placed : unlessPatched(seen['patched vDSO'], placed)), ...byTables];
}

export function isFromPatch(seen: SeenTables): boolean {
  return seen['patched vDSO'] === true && !byHashTables(seen).some(isDecisiveFor);
}

/** Decisive only where a call was sampled in the libc: the program may make its system calls itself all the same. */
export function byHashTables({ libc, 'hash tables of the vDSO': tables, ...seen }: SeenTables): readonly Evidence[] {
  if (libc === undefined || ownReads(seen).names.length === 0) return [];
  const { 'entries a healthy vDSO spares': reads, 'call sites': sites } = seen;
  return atItsPlace(fromOrigin(reads, sites, 'libc'), muslFindsNothing(libc, tables));
}

export function isNamed(libc: Libc | undefined): boolean {
  return libc !== undefined && libc.name !== 'unknown';
}

export function libcPhrase(libc: Libc | undefined): string {
  if (libc === undefined || libc.name === 'unknown' || libc.name === 'none') return 'the libc';
  return libc.version === undefined ? libc.name : `${libc.name} ${libc.version}`;
}
