import { describe, expect, it } from 'vitest';
import { createCallSiteTally, type ResolvedPlaces } from '../../../src/collect/calls/call-site-tally.ts';

const read = { side: 'kernel', fn: 'clock_gettime', slot: 7, tid: 1 } as const;

function at(symbol: string, offset = 4, caller = 'main'): ResolvedPlaces {
  const place = { address: `4${offset}`, kind: 'executable', module: '/bin/it', symbol, offset } as const;
  const from = { address: '50', kind: 'executable', module: '/bin/it', symbol: caller, offset: 9 } as const;
  return { place, callers: [from], foundBy: 'unwinding' };
}

describe('the tally of call sites', () => {
  it('adds up what comes from one place, the most sampled first', () => {
    const tally = createCallSiteTally();
    tally.add(read, at('seldom'));
    for (let i = 0; i < 3; i += 1) tally.add(read, at('often'));
    tally.add({ ...read, side: 'vdso' }, at('often'));
    const { sites, samples, lost } = tally.read(5);
    expect(sites.map(({ side, place, samples: n }) => [side, place.symbol, n])).toEqual([
      ['kernel', 'often', 3],
      ['kernel', 'seldom', 1],
      ['vdso', 'often', 1],
    ]);
    expect({ samples, lost }).toEqual({ samples: { kernel: 4, vdso: 1 }, lost: 5 });
  });

  it('keeps apart what differs in clock, thread, instruction or caller', () => {
    const tally = createCallSiteTally();
    tally.add(read, at('a'));
    tally.add({ ...read, slot: 1 }, at('a'));
    tally.add({ ...read, tid: 2 }, at('a'));
    tally.add(read, at('a', 5));
    tally.add(read, at('a', 4, 'other'));
    expect(tally.read(0).sites).toHaveLength(5);
  });

  it('tells nameless places apart by their addresses', () => {
    const tally = createCallSiteTally();
    for (const address of ['10', '20', '20'])
      tally.add(read, { place: { address, kind: 'anonymous' }, callers: [], foundBy: 'none' });
    expect(tally.read(0).sites.map(({ place, samples }) => [place.address, samples])).toEqual([
      ['20', 2],
      ['10', 1],
    ]);
  });

  it('lists the 256 that were sampled last, and counts the others', () => {
    const tally = createCallSiteTally();
    for (let i = 0; i < 300; i += 1) {
      tally.add(read, at('often'));
      tally.add({ ...read, tid: 100 + i }, at('once'));
    }
    const { sites, samples } = tally.read(0);
    expect(sites).toHaveLength(256);
    expect(sites[0]).toMatchObject({ place: { symbol: 'often' }, samples: 300 });
    expect(sites.slice(1).map(({ tid }) => tid)).toEqual(Array.from({ length: 255 }, (_, at) => 145 + at));
    expect(samples).toEqual({ kernel: 600, vdso: 0 });
    tally.add({ ...read, tid: 100 }, at('once'));
    expect(tally.read(0).sites.find(({ tid }) => tid === 100)?.samples).toBe(1);
  });

  it('leaves what was read before as it was', () => {
    const tally = createCallSiteTally();
    tally.add(read, at('a'));
    const before = tally.read(0);
    expect(tally.read(0)).toBe(before);
    tally.add(read, at('a'));
    expect(before.sites[0]?.samples).toBe(1);
    expect(tally.read(0).sites[0]?.samples).toBe(2);
  });
});
