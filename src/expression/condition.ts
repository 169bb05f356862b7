import type { Bindings, Quantity } from './quantities.ts';
import type { Operator } from './syntax.ts';

/** What stands on one side of a comparison. */
export type Operand =
  | { readonly kind: 'quantity'; readonly quantity: Quantity; readonly bindings: Bindings; readonly text: string }
  | { readonly kind: 'value'; readonly value: number | string };

/** An expression whose names and units are understood. */
export type Test =
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }
  | { readonly kind: 'not'; readonly operand: Test }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Operand; readonly right: Operand };

/** What must hold, and for how long without a break. */
export interface Condition {
  /** As written. */
  readonly text: string;
  readonly test: Test;
  /** 0: it need only hold. */
  readonly forSeconds: number;
}
