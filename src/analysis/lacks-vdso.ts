import type { Window } from '../model/snapshot.ts';
import { isUnavailable, known } from './known.ts';

export function lacksVdso({ last }: Pick<Window, 'last'>): boolean {
  const mappings = known(last.target.mappings);
  return !isUnavailable(mappings) && !mappings.some(({ name }) => name === '[vdso]');
}
