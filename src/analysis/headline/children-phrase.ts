import type { Basis } from '../basis.ts';
import { known, orElse } from '../known.ts';

const namedChildren = 3;

/** A master that reads no clock while its children do is no idle service; not all of many are looked at. */
export function childrenPhrase({ window }: Basis): string {
  const children = orElse(known(window.last.target.children), []);
  const seen = children.filter(({ readsSeen }) => readsSeen !== undefined);
  const reading = seen.filter(({ readsSeen = 0 }) => readsSeen > 0);
  const looked = `${seen.length} of ${children.length}`;
  const isPart = seen.length > 0 && seen.length < children.length;
  if (reading.length === 0)
    return isPart ? `; ${looked} children were looked at, and none was seen to read a clock` : '';
  const named = reading.slice(0, namedChildren).map(({ pid, comm }) => `${pid} (${comm || 'unnamed'})`);
  const rest = reading.length > named.length ? ` and ${reading.length - named.length} more` : '';
  const part = isPart ? ` (${looked} were looked at)` : '';
  // `vdsotop -- timeout 5 CMD`: the work was that of a child, which is gone with it.
  if (window.last.ended)
    return `; but of its children ${named.join(', ')}${rest} did read clocks${part}: --children watches them too`;
  return `; but of its children ${named.join(', ')}${rest} ${reading.length === 1 ? 'does' : 'do'} read clocks${part}: -p watches one, --children all`;
}
