import type { Condition } from '../expression/condition.ts';
import { ExpressionError } from '../expression/expression-error.ts';
import { readCondition } from '../expression/read-condition.ts';
import { expressionVocabulary } from './expression-vocabulary.ts';
import { exitCodes, UserError } from './user-error.ts';

/** The condition that an option states. Throws a usage error that shows the place where it is wrong. */
export function parseCondition(text: string, flag: string): Condition {
  try {
    return readCondition(text, expressionVocabulary);
  } catch (error) {
    if (error instanceof ExpressionError)
      throw new UserError(`${flag}: ${error.problem}`, exitCodes.usage, error.place);
    throw error;
  }
}
