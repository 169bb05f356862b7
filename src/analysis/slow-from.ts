import type { SlowFrom } from '../model/report.ts';

/** DESIGN.md §2, `verdict`. */
export const slowFrom: SlowFrom = { coreShare: 0.001, readsPerSecond: 10, entryShare: 0.05 };
