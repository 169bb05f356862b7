import type { Row } from '../scenario.ts';
import { cpuClock, directSyscall, fast } from './expectations.ts';

const tree = { boot: 'tsc', kernels: ['6.1', '7'], way: 'with children' } as const;

/** Processes of a tree, each by its own mappings: breakpoints on each one's vDSO, and a 32-bit process among the others. */
export const treeRows: readonly Row[] = [
  { ...tree, target: 'prefork', expected: { ...fast, headline: /MONOTONIC is read through the vDSO/ }, quick: ['7'] },
  {
    ...{ ...tree, target: 'prefork, one by syscall()' },
    expected: { ...directSyscall, evidence: /serve_syscall.*, in \d+ \(log\)$/ },
  },
  { ...tree, target: 'prefork, one i386', expected: { ...cpuClock, limit: /32 or 64 bits/ } },
];
