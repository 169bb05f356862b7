import { clockTicksType, readAuxv } from './auxv.ts';

let cached: number | undefined;

/** Length of the clock ticks of /proc. AT_CLKTCK of our own vector; USER_HZ is 100 wherever vdsotop runs, should that be missing. */
export function nsPerTick(): number {
  cached ??= readNsPerTick();
  return cached;
}

function readNsPerTick(): number {
  const own = readAuxv('/proc/self');
  const ticks = 'value' in own ? own.value.entries.get(clockTicksType) : undefined;
  return 1e9 / Number(ticks ?? 100n);
}
