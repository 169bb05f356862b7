import { exitCodes, UserError } from './user-error.ts';

/** More would no longer be watching but disturbing. */
const mostCoreShare = 0.05;

/** 'off', '0.3%' or '0.003', as a share of one core. Throws a usage error that names the flag otherwise. */
export function parseBudget(text: string, flag: string): number {
  const trimmed = text.trim();
  if (trimmed === 'off') return 0;
  const match = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(trimmed);
  if (match === null) throw badBudget(text, flag, "expected 'off' or a share of a core, such as 0.3% or 0.003");
  const coreShare = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (coreShare > mostCoreShare) throw badBudget(text, flag, `expected at most ${mostCoreShare * 100}% of a core`);
  return coreShare;
}

function badBudget(text: string, flag: string, expected: string): UserError {
  return new UserError(`${flag} '${text}' cannot be used: ${expected}`, exitCodes.usage);
}
