import { setImmediate as breathe } from 'node:timers/promises';
import type { Reading } from '../../model/reading.ts';
import type { VdsoImage } from '../../model/vdso.ts';
import { errnoName } from '../../native/errno-name.ts';
import { nativeLibrary } from '../../native.ts';
import { available, unavailable } from '../reading.ts';
import { type ClockIdPlaces, findClockIdPlaces, type Sighting } from './clock-id-places.ts';
import { createCpuSampleRings } from './cpu-sample-rings.ts';
import { vdsoFunctions } from './vdso-functions.ts';

/**
 * Precise and coarse clocks of either half of the vDSO's data, and two that it hands on to the kernel: a sample that falls
 * due there is told where the call comes back, in the vDSO. Small ids may lie about by chance, these together do not.
 */
const clockIds = [7, 11, 1, 4, 0, 6, 5, 3, 2];
const periodNs = 20_011;
/** Of plain calls; with a sample each 20 µs, which takes as long or longer, twice to four times that. */
const loopNs = 1.2e6;
const trialCalls = 2_000;
/** VT_HIDDEN_ID of native/cpu-samples.h: what we hold ourselves must not look like the id. */
const idKey = 0x2a5a3c6d;

/**
 * Learns where our own vDSO's code holds the clock id, by interrupting loops of known clocks on this very thread: some 30 ms
 * in pieces of 4. The image is the target's too where the bytes are the same.
 */
export async function learnClockIdPlaces(own: Reading<VdsoImage>): Promise<Reading<ClockIdPlaces>> {
  if ('unavailable' in own) return own;
  const { symbols, sizeBytes } = own.value;
  const functions = vdsoFunctions(symbols);
  const start = functions.startOf('clock_gettime');
  if (start === undefined) return unavailable('absent', 'our own vDSO has no clock_gettime');
  const base = BigInt(`0x${own.value.base}`);
  const code = { start: base, end: base + BigInt(sizeBytes) };
  const native = nativeLibrary();
  const rings = createCpuSampleRings(native, () => ({ code, framed: true }));
  const refused = rings.follow([process.pid], periodNs);
  if (refused !== undefined) return unavailable('failed', `sampling our own calls answered ${refused}`);
  const address = Number(base) + start;
  const sightings: Sighting[] = [];
  try {
    for (const clockId of clockIds) {
      const hiddenId = clockId ^ idKey;
      const result = native.vt_call_clock(address, hiddenId, trialCalls);
      if (result < 0) return unavailable('failed', `calling our own vDSO answered ${errnoName(result)}`);
      const startedMs = performance.now();
      native.vt_call_clock(address, hiddenId, trialCalls);
      const perCallNs = ((performance.now() - startedMs) * 1e6) / trialCalls;
      rings.run(true);
      native.vt_call_clock(address, hiddenId, Math.round(loopNs / Math.max(1, perCallNs)));
      rings.run(false);
      rings.take();
      for (const { frame } of rings.frames())
        sightings.push({ clockId, frame, offset: Number((frame.registers.ip ?? 0n) - base) });
      await breathe();
    }
  } finally {
    rings.close();
  }
  const isInside = (offset: number) => functions.at(offset) === 'clock_gettime';
  const isReturn = (to: bigint) => to > code.start && to < code.end && isInside(Number(to - base));
  const places = findClockIdPlaces(sightings, isInside, isReturn);
  if (places.size === 0)
    return unavailable(
      'unsupported',
      `the code of this vDSO was interrupted ${sightings.length} times and never held the clock id in one place`,
    );
  return available(places, `${sightings.length} interruptions of our own calls`);
}
