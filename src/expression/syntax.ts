import type { Token } from './tokenise.ts';

export type Operator = '==' | '!=' | '>=' | '<=' | '>' | '<';

/** A quantity as written: 'BOOTTIME.vdso.p99', 'finding(tsc-marked-unstable)', or a plain word such as 'slow'. */
export interface NameSyntax {
  readonly kind: 'name';
  readonly parts: readonly Token[];
  /** What stands in parentheses behind it. */
  readonly argument?: Token;
}

export interface NumberSyntax {
  readonly kind: 'number';
  readonly token: Token;
}

export type OperandSyntax = NameSyntax | NumberSyntax;

/** What an expression says before its names mean anything. */
export type Syntax =
  | { readonly kind: 'and' | 'or'; readonly left: Syntax; readonly right: Syntax }
  | { readonly kind: 'not'; readonly operand: Syntax }
  | {
      readonly kind: 'compare';
      readonly operator: Operator;
      readonly left: OperandSyntax;
      readonly right: OperandSyntax;
    };

/** A whole expression: what must hold, and for how long. */
export interface ConditionSyntax {
  readonly expression: Syntax;
  readonly duration?: Token;
}
