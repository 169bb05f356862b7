import { describe, expect, it } from 'vitest';
import { layBasis } from '../../src/analysis/basis.ts';
import { originOf } from '../../src/analysis/call-origin.ts';
import { sampledCallSites } from '../../src/analysis/call-sites.ts';
import { partOf, sampleReads, topCallers } from '../../src/analysis/sampled-reads.ts';
import { summarizeCallSites } from '../../src/analysis/summarize-call-sites.ts';
import type { CallSite, CodePlace, SiteProgram } from '../../src/model/call-sites.ts';
import { executable, kernelSite, libc, places, sampledSites, vdsoSite } from './call-sites-builder.ts';
import { available, denied, makeScenario, type Scenario } from './snapshot-builder.ts';

const { libcClock, libcSyscall, ratelimit, poll, vdsoFallback, kernelVsyscall, stripped, jit } = places;

function reads(scenario: Scenario) {
  const sampled = sampleReads(layBasis(makeScenario(scenario)));
  if ('unavailable' in sampled) throw new Error(sampled.detail);
  return sampled;
}

function summaries(scenario: Scenario) {
  const sites = summarizeCallSites(layBasis(makeScenario(scenario)));
  if ('unavailable' in sites) throw new Error(sites.detail);
  return sites;
}

describe('call sites of a window', () => {
  const before = kernelSite([libcSyscall, ratelimit], { samples: 10 });
  const after = { ...before, samples: 25 };

  it('are what was added in it', () => {
    const window = makeScenario({
      both: { callSites: sampledSites([before], 2) },
      last: { callSites: sampledSites([after], 5) },
    });
    expect(sampledCallSites(window)).toEqual({
      sites: [{ ...after, samples: 15 }],
      samples: { kernel: 15, vdso: 0 },
      lost: 3,
    });
  });

  it('are all of them where the sampling began anew', () => {
    const again = kernelSite([poll], { samples: 4 });
    const window = makeScenario({
      both: { callSites: sampledSites([before]) },
      last: { callSites: sampledSites([again]) },
    });
    expect(sampledCallSites(window)).toEqual({ sites: [again], samples: { kernel: 4, vdso: 0 }, lost: 0 });
  });

  it('leave out a place where nothing was added', () => {
    const window = makeScenario({ both: { callSites: sampledSites([before]) } });
    expect(sampledCallSites(window)).toMatchObject({ sites: [], samples: { kernel: 0, vdso: 0 } });
  });

  it('keep what their programs are, and what could not be read of the code', () => {
    const programs = [{ bits: 64, linkage: 'static', libc: 'klibc' }] as const;
    const obstacles = [denied('reading /proc/4242/mem')];
    const at = (site: CallSite) => {
      const sites = sampledSites([{ ...site, program: 0 }]);
      return 'value' in sites ? available({ ...sites.value, programs, obstacles }) : sites;
    };
    const window = makeScenario({ both: { callSites: at(before) }, last: { callSites: at(after) } });
    expect(sampledCallSites(window)).toMatchObject({ sites: [{ samples: 15, program: 0 }], programs, obstacles });
  });

  it('say why there are none', () => {
    const window = makeScenario({ last: { callSites: denied('perf_event_open answered EACCES') } });
    expect(sampledCallSites(window)).toMatchObject({ unavailable: 'denied' });
  });
});

describe('the part of a caller', () => {
  const busy = { tid: 1, slot: 7 } as const;
  const calm = { tid: 2, slot: 7 } as const;
  const callSites = sampledSites([
    kernelSite([libcSyscall, ratelimit], { ...busy, samples: 16 }),
    kernelSite([libcSyscall, poll], { ...calm, samples: 16 }),
  ]);

  it('is weighed by how often its thread reads, not by how often it was sampled', () => {
    const window = makeScenario({ entries: [['clock_gettime', 7, 10_000]], last: { callSites } });
    const { entries } = window.last;
    if ('unavailable' in entries) throw new Error('no entries');
    const threads = [
      { fn: 'clock_gettime', slot: 7, tid: 1, count: 90_000 },
      { fn: 'clock_gettime', slot: 7, tid: 2, count: 10_000 },
    ] as const;
    const first = { ...window.first, entries: available({ ...entries.value, armedForMs: 1, counts: [], threads: [] }) };
    const last = { ...window.last, entries: available({ ...entries.value, threads }) };
    const sampled = sampleReads(layBasis({ ...window, first, last }));
    if ('unavailable' in sampled) throw new Error(sampled.detail);
    const read = sampled.kernel.get('BOOTTIME');
    expect(read && topCallers(read).map(({ phrase, part }) => [phrase, part])).toEqual([
      ['ratelimit+0x3c in libfoo.so', 0.9],
      ['poll_loop+0x12 in server', 0.1],
    ]);
  });

  it('is that of the samples where threads are not told apart', () => {
    const sampled = reads({ entries: [['clock_gettime', 7, 10_000]], last: { callSites } });
    expect(partOf(sampled.kernel.get('BOOTTIME'), 'direct')).toBe(1);
    expect(sampled.kernel.get('BOOTTIME')?.sites.map(({ part }) => part)).toEqual([0.5, 0.5]);
  });
});

describe('what a place says', () => {
  const program: SiteProgram = { bits: 64, linkage: 'dynamic', libc: 'glibc', runtime: 'none' };
  const statically: SiteProgram = { ...program, linkage: 'static' };
  const at = (place: CodePlace, changes: Partial<CallSite> = {}) => kernelSite([place], changes);

  const namelessLibrary = { address: '7f10c1003c', kind: 'library', module: '/opt/lib/libfoo.so' } as const;

  it.each([
    ['[vdso] of a 64-bit program', at(vdsoFallback), program, 'vdso'],
    ['[vdso] of a program of unknown word size', at(vdsoFallback), { ...program, bits: undefined }, 'unknown'],
    ['the door of a 32-bit program, unwound no further', at(kernelVsyscall), { ...program, bits: 32 }, 'unknown'],
    ['the door, from the vDSO', kernelSite([kernelVsyscall, vdsoFallback]), { ...program, bits: 32 }, 'vdso'],
    ['the door, from libc', kernelSite([kernelVsyscall, libcClock]), { ...program, bits: 32 }, 'libc'],
    ['int 0x80 of a 32-bit program', at(poll), { ...program, bits: 32 }, 'direct'],
    ['a function of libc', at(libcClock), program, 'libc'],
    ['libc without a symbol', at({ ...libcClock, symbol: undefined } as never), program, 'libc'],
    ['syscall() of libc', at(libcSyscall), program, 'direct'],
    ['an executable without symbols', at(stripped), program, 'direct'],
    ['a Go executable without symbols', at(stripped), { ...program, runtime: 'go' }, 'unnamed'],
    ['a static executable without symbols', at(stripped), statically, 'unnamed'],
    ['a clock function of a static executable', at(executable('__clock_gettime')), statically, 'libc'],
    ['the same name in a dynamic one', at(executable('__clock_gettime')), program, 'direct'],
    ['the same name where there is no libc', at(executable('time')), { ...statically, libc: 'none' }, 'direct'],
    ['syscall() of a static executable', at(executable('syscall')), statically, 'direct'],
    ["klibc's one place", at(executable('__syscall_common')), { ...statically, libc: 'klibc' }, 'libc'],
    ['that name elsewhere', at(executable('__syscall_common')), statically, 'direct'],
    ["Go's clock code", at(executable('time.now')), statically, 'runtime'],
    ["Go's syscall package", at(executable('runtime/internal/syscall.Syscall6')), statically, 'direct'],
    ['a JIT', at(jit), program, 'direct'],
    ['a library without symbols', at(namelessLibrary), program, 'direct'],
    ['the legacy page', at(poll, { fn: 'vsyscall_time' }), program, 'vsyscall'],
  ] as const)('%s: %s', (_, site, of, origin) => {
    expect(originOf(site, of as SiteProgram)).toBe(origin);
  });

  it('a library without symbols, of which a runtime may find nothing in such a vDSO: unnamed', () => {
    expect(originOf(at(namelessLibrary), program, true)).toBe('unnamed');
    expect(originOf(at(ratelimit), program, true)).toBe('direct');
    expect(originOf(at(libcClock), program, true)).toBe('libc');
  });
});

describe('the call sites of a report', () => {
  const entries = [['clock_gettime', 7, 10_000]] as const;

  it('are one for all threads and outer callers that share it', () => {
    const main = executable('main', 0x20);
    const callSites = sampledSites([
      kernelSite([libcSyscall, ratelimit, poll], { tid: 4_242, samples: 20 }),
      kernelSite([libcSyscall, ratelimit, main], { tid: 4_243, samples: 10 }),
    ]);
    expect(summaries({ entries, last: { callSites } })).toEqual([
      {
        side: 'kernel',
        fn: 'clock_gettime',
        clock: 'BOOTTIME',
        place: libcSyscall,
        callers: [ratelimit],
        foundBy: 'unwinding',
        samples: 30,
        share: 1,
        // All of it was sampled in one step.
        shareLimits: { low: 0, high: 1 },
        threadCount: 2,
        threads: [
          { tid: 4_242, name: 'main', samples: 20 },
          { tid: 4_243, samples: 10 },
        ],
        sentence: 'ratelimit+0x3c in libfoo.so, by syscall in libc.so.6',
      },
    ]);
  });

  it.each([
    ['an instruction of its own', [ratelimit, poll], {}, 'ratelimit+0x3c in libfoo.so'],
    [
      'libc and the vDSO',
      [vdsoFallback, libcClock, poll],
      {},
      'poll_loop+0x12 in server, by clock_gettime in libc.so.6',
    ],
    [
      'two functions of libc',
      [vdsoFallback, libcClock, libc('timespec_get', 9), poll],
      {},
      'poll_loop+0x12 in server, by timespec_get in libc.so.6 and clock_gettime in libc.so.6',
    ],
    [
      'a caller that was not found',
      [libcClock],
      { foundBy: 'none' },
      'clock_gettime in libc.so.6, its caller not known',
    ],
    [
      'a caller by frame pointer',
      [libcClock, poll],
      { foundBy: 'frame-pointer' },
      'clock_gettime in libc.so.6, possibly called by poll_loop+0x12 in server (by frame pointer, which may skip callers)',
    ],
    ['a JIT', [jit], {}, 'anonymous memory at 0x7f20000010'],
    ['a JIT with a map', [{ ...jit, symbol: 'LFoo;::bar' }], {}, 'LFoo;::bar in JIT code'],
  ] as const)('say %s', (_, frames, changes, sentence) => {
    const callSites = sampledSites([kernelSite(frames, changes)]);
    expect(summaries({ entries, last: { callSites } })[0]?.sentence).toBe(sentence);
  });

  it('keep the two sides apart', () => {
    const callSites = sampledSites([vdsoSite([libcClock, poll], { samples: 5 }), kernelSite([libcSyscall, ratelimit])]);
    const sites = summaries({ entries, hits: [['clock_gettime', 1, 8]], last: { callSites } });
    expect(sites.map(({ side, clock, share }) => [side, clock, share])).toEqual([
      ['kernel', 'BOOTTIME', 1],
      ['vdso', 'MONOTONIC', 1],
    ]);
  });
});
