import type { CallSite, CallSites, CodePlace } from '../../src/model/call-sites.ts';
import type { Reading } from '../../src/model/reading.ts';
import { available } from './snapshot-builder.ts';

/** Places of a 64-bit program, as a resolver names them. */
export const places = {
  vdsoFallback: vdso('__vdso_clock_gettime', 0xf1),
  vdsoStart: vdso('__vdso_clock_gettime', 0),
  kernelVsyscall: vdso('__kernel_vsyscall', 9),
  libcClock: libc('clock_gettime', 0x2a),
  libcSyscall: libc('syscall', 0x19),
  ratelimit: {
    address: '7f10c1003c',
    kind: 'library',
    module: '/opt/lib/libfoo.so',
    symbol: 'ratelimit',
    offset: 0x3c,
  },
  poll: executable('poll_loop', 0x12),
  jit: { address: '7f20000010', kind: 'anonymous' },
  /** The same where a perf map of the JIT names it. */
  mappedJit: { address: '7f20000010', kind: 'anonymous', symbol: 'LFoo;::bar', offset: 0 },
  stripped: { address: '401234', kind: 'executable', module: '/usr/bin/server' },
} as const satisfies Readonly<Record<string, CodePlace>>;

export function executable(symbol: string, offset = 0): CodePlace {
  return { address: addressOf(symbol, offset), kind: 'executable', module: '/usr/bin/server', symbol, offset };
}

export function libc(symbol: string, offset: number): CodePlace {
  const module = '/usr/lib/x86_64-linux-gnu/libc.so.6';
  return { address: addressOf(symbol, offset), kind: 'libc', module, symbol, offset };
}

function vdso(symbol: string, offset: number): CodePlace {
  return { address: addressOf(symbol, offset), kind: 'vdso', module: '[vdso]', symbol, offset };
}

function addressOf(symbol: string, offset: number): string {
  const sum = [...symbol].reduce((total, letter, index) => total + letter.charCodeAt(0) * (index + 1), 0);
  return (0x400000 + sum * 0x100 + offset).toString(16);
}

/** Where the frames lead from the place outward. */
export function kernelSite(frames: readonly CodePlace[], changes: Partial<CallSite> = {}): CallSite {
  const [place = places.stripped, ...callers] = frames;
  return {
    side: 'kernel',
    fn: 'clock_gettime',
    slot: 7,
    tid: 4_242,
    place,
    callers,
    foundBy: 'unwinding',
    samples: 31,
    ...changes,
  };
}

export function vdsoSite(callers: readonly CodePlace[], changes: Partial<CallSite> = {}): CallSite {
  return kernelSite([places.vdsoStart, ...callers], { side: 'vdso', slot: 1, foundBy: 'return-address', ...changes });
}

export function sampledSites(sites: readonly CallSite[], lost = 0): Reading<CallSites> {
  const of = (side: CallSite['side']) =>
    sites.filter((site) => site.side === side).reduce((sum, { samples }) => sum + samples, 0);
  return available({ sites, samples: { kernel: of('kernel'), vdso: of('vdso') }, lost });
}
