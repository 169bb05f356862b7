import type { EntryFunction } from '../../model/clock-calls.ts';
import type { RefusedFunction } from '../../model/fast-reads.ts';
import type { Unavailable } from '../../model/reading.ts';

/** Functions on which a breakpoint could not be set in the newest round, though others may have been. */
export interface RefusedFunctions {
  nextRound(): void;
  /** By event of one thread's plan: its function, and why it was not armed. */
  add(functions: readonly EntryFunction[], reasons: readonly (Unavailable | undefined)[]): void;
  read(): readonly RefusedFunction[];
}

export function createRefusedFunctions(): RefusedFunctions {
  const refused = new Map<EntryFunction, Unavailable>();
  return {
    nextRound: () => refused.clear(),
    add(functions, reasons) {
      for (const [event, fn] of functions.entries()) {
        const reason = reasons[event];
        if (reason !== undefined && !refused.has(fn)) refused.set(fn, reason);
      }
    },
    read: () => [...refused].map(([fn, reason]) => ({ fn, reason })),
  };
}
