import { CLOCKS } from '../analysis/clock-table.ts';
import { rules } from '../analysis/rules/index.ts';
import type { Vocabulary } from '../expression/vocabulary.ts';

/** Every name that an expression may use: those of clocks and time functions, and the ids of rules. */
export const expressionVocabulary: Vocabulary = {
  clocks: [...CLOCKS.map(({ name }) => name), 'gettimeofday', 'time', 'getcpu', 'clock_getres'],
  rules: rules.map(({ id }) => id),
};
