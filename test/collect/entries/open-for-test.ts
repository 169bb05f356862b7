import { onTestFinished } from 'vitest';
import {
  type EntriesTarget,
  type KernelEntries,
  type KernelEntriesOptions,
  openKernelEntries,
} from '../../../src/collect/entries/kernel-entries.ts';

/** Counts until the test has ended. */
export function openForTest(target: EntriesTarget, options: KernelEntriesOptions = {}): KernelEntries {
  const counter = openKernelEntries(target, options);
  onTestFinished(counter.close);
  return counter;
}
