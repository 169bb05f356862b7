import { namesPhrase, sharePhrase } from '../phrase.ts';
import { partsOfWhat, processesPhrase } from '../sampled-processes.ts';
import type { SampledRead, SampledSite } from '../sampled-reads.ts';
import { callerOf, functionPhrase, placePhrase } from '../site-caller.ts';

/**
 * Where entries of a read come from: 'all 31 sampled entries of BOOTTIME come from syscall in libc.so.6, called by
 * ratelimit+0x3c in libfoo.so'
 */
export function placeSentence(read: SampledRead, sites: readonly SampledSite[]): string {
  const part = sites.reduce((sum, site) => sum + site.part, 0);
  const samples = sites.reduce((sum, { site }) => sum + site.samples, 0);
  const which =
    samples === read.samples
      ? `${samples === 1 ? 'the one sampled entry' : `all ${samples} sampled entries`} of ${read.name}`
      : `${sharePhrase(part)} of the ${partsOfWhat(read)} of ${read.name} (${samples} of ${read.samples} samples)`;
  const one = samples === 1 && samples === read.samples;
  return `${which} ${one ? 'comes' : 'come'} from ${placesPhrase(sites)}${processesPhrase(read, sites)}`;
}

/** Each place once, with those who call it; the most sampled first. */
function placesPhrase(sites: readonly SampledSite[]): string {
  const callers = new Map<string, Set<string>>();
  for (const { from, by } of sites.map(describeSite)) {
    const known = callers.get(from) ?? new Set();
    callers.set(from, by === undefined ? known : known.add(by));
  }
  const places = [...callers].map(([from, by]) =>
    by.size === 0 ? from : `${from}, called by ${namesPhrase([...by])}`,
  );
  return places.length > 1 && [...callers.values()].some(({ size }) => size > 0)
    ? places.join('; ')
    : namesPhrase(places);
}

function describeSite(sampled: SampledSite): { readonly from: string; readonly by?: string } {
  const { site, origin, program } = sampled;
  const { caller, through } = callerOf(sampled);
  if (caller === site.place) return { from: `${placePhrase(caller)}${itself(sampled)}` };
  // In a 32-bit task [vdso] is the door of every system call, and what went through it says more.
  const place = program.bits === 32 && origin !== 'vdso' ? (through.at(-1) ?? site.place) : site.place;
  return { from: functionPhrase(place), ...(caller !== undefined && { by: placePhrase(caller) }) };
}

function itself({ origin, mayBeCopied }: SampledSite): string {
  if (origin === 'unnamed') return '';
  return mayBeCopied
    ? ', which makes the system call itself, or is a copy of code that does (of a translator or an unpacker)'
    : ', which makes the system call itself';
}
