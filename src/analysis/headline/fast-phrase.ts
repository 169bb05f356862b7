import type { Basis } from '../basis.ts';
import { isUnavailable, orElse } from '../known.ts';
import { namesPhrase } from '../phrase.ts';

/** 'MONOTONIC is read through the vDSO' */
export function fastPhrase({ clocks, functions }: Basis): string | undefined {
  const names = [...clocks, ...functions]
    .filter(({ hits, perSecond, served, tellsTime }) => {
      const serves = isUnavailable(served) ? perSecond === 0 : served.served;
      return tellsTime && orElse(hits, 0) > 0 && serves;
    })
    .sort((a, b) => orElse(b.hits, 0) - orElse(a.hits, 0))
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `${namesPhrase(names)} ${names.length === 1 ? 'is' : 'are'} read through the vDSO`;
}
