import type { EntryFunction } from '../../model/clock-calls.ts';
import type { RefusedFunction } from '../../model/fast-reads.ts';
import type { Unavailable } from '../../model/reading.ts';

/** Functions on which a breakpoint could not be set, though others may have been; a debugger comes and goes. */
export interface RefusedFunctions {
  /** By event of one thread's plan: its function, and why it was not armed. */
  add(functions: readonly EntryFunction[], reasons: readonly (Unavailable | undefined)[]): void;
  read(): readonly RefusedFunction[];
}

export function createRefusedFunctions(): RefusedFunctions {
  const refused = new Map<EntryFunction, RefusedFunction>();
  return {
    add(functions, reasons) {
      // A function may have two breakpoints.
      const ofThread = new Map(functions.flatMap((fn, event) => (reasons[event] ? [[fn, reasons[event]]] : [])));
      for (const [fn, reason] of ofThread) refused.set(fn, { fn, reason, times: (refused.get(fn)?.times ?? 0) + 1 });
    },
    read: () => [...refused.values()],
  };
}
