import type { ResolvedCall } from '../collect/code-places/call-site-resolver.ts';

/** Calls that are counted later, because the name of who made them is being unpacked. */
export interface NameWait<C> {
  /** How many wait. */
  readonly length: number;
  /** Those that were put off, to be resolved again. */
  take(): readonly C[];
  /** Whether a call that was resolved so is put off; it is to be counted now where it is not. */
  putsOff(call: C, resolved: ResolvedCall): boolean;
}

/** Samples have some kilobyte each. */
const mostWaiting = 1_024;
/** For five seconds, as a rule. Then calls are counted with the names that there are. */
const mostTakes = 10;

export function createNameWait<C>(): NameWait<C> {
  let waiting: C[] = [];
  let takes = 0;
  return {
    get length() {
      return waiting.length;
    },
    take() {
      const calls = waiting;
      waiting = [];
      takes = calls.length === 0 ? 0 : takes + 1;
      return calls;
    },
    putsOff(call, { nameAwaited }) {
      if (!nameAwaited || takes > mostTakes || waiting.length >= mostWaiting) return false;
      waiting.push(call);
      return true;
    },
  };
}
