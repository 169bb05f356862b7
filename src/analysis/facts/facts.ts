import type { Known } from '../../model/reading.ts';

/** Readings as a rule's engine holds them: each a value or the reason why there is none. */
export type Facts<R> = { readonly [K in keyof R]: Known<R[K]> };
