import type { ClockPage } from '../../model/clock-page.ts';
import type { Mapping } from '../../model/mappings.ts';
import type { Reading } from '../../model/reading.ts';
import { errnoName } from '../../native/errno-name.ts';
import { allocateStructs, decodeStruct } from '../../native/struct-bytes.ts';
import type { StructOf } from '../../native/structs.ts';
import { nativeLibrary } from '../../native.ts';
import { readMappings } from '../process/read-mappings.ts';
import { available, guarded, unavailable } from '../reading.ts';

export interface ClockPageReader {
  /** The page now, and how often it was updated since a read at least half a second ago (or since the first). */
  read(): Reading<ClockPage>;
}

/** A window shorter than this says nothing of a page that is updated some hundred times a second. */
const shortestWindowMs = 20;
/** Windows are at least this long once the reader is that old. */
const windowMs = 500;
const x86PageBytes = 4096;

/** VT_CLOCK_MODE_* of native/vdsotop.h, by their number. */
const clockModes: readonly ClockPage['clockMode'][] = [
  'none',
  process.arch === 'arm64' ? 'archtimer' : 'tsc',
  'pvclock',
  'hvclock',
  'unknown',
];

type PageRead = StructOf<'vt_clock_page'>;

/** Reads our own [vvar], the first time at once: the update rate is counted from then on. */
export function createClockPageReader(): ClockPageReader {
  const mappings = readMappings('/proc/self');
  const readPage = () => ('value' in mappings ? readMapped(mappings.value) : mappings);
  let newest = readPage();
  let baseline = newest;
  return {
    read() {
      const now = readPage();
      if ('unavailable' in now || 'unavailable' in newest || 'unavailable' in baseline) {
        newest = now;
        baseline = now;
        return 'unavailable' in now ? now : toReading(now.value, now.value);
      }
      const reading = toReading(baseline.value, now.value);
      if (elapsedMs(newest.value, now.value) >= windowMs) {
        baseline = newest;
        newest = now;
      }
      return reading;
    },
  };
}

function toReading(baseline: PageRead, now: PageRead): Reading<ClockPage> {
  const rateWindowMs = elapsedMs(baseline, now);
  if (rateWindowMs < shortestWindowMs)
    return unavailable(
      'failed',
      `[vvar] was first read ${rateWindowMs.toFixed(1)} ms ago: too short for its update rate`,
    );
  // seq is 32 bits wide, wraps, and advances by two with every update.
  const updates = ((now.seq - baseline.seq) >>> 0) / 2;
  return available(
    {
      offset: now.offset,
      clockMode: clockModes[now.clock_mode] ?? 'unknown',
      seq: now.seq,
      updatesPerSecond: (updates / rateWindowMs) * 1_000,
      rateWindowMs,
    },
    `own [vvar] + 0x${now.offset.toString(16)}`,
  );
}

function elapsedMs(from: PageRead, to: PageRead): number {
  return (to.read_at_ns - from.read_at_ns) / 1e6;
}

function readMapped(mappings: readonly Mapping[]): Reading<PageRead> {
  const vvar = mappings.find(({ name }) => name === '[vvar]');
  if (vvar === undefined) return unavailable('absent', 'our own process has no [vvar] mapping');
  return guarded('reading our own [vvar]', () => {
    const out = allocateStructs('vt_clock_page');
    const address = Number(`0x${vvar.start}`);
    const result = nativeLibrary().vt_clock_page_read(address, vvar.sizeBytes, timensPage(vvar, mappings), out);
    if (result < 0)
      return unavailable('unsupported', `the layout of this kernel's [vvar] was not recognised (${errnoName(result)})`);
    return available(decodeStruct('vt_clock_page', out), '[vvar]');
  });
}

/** Which page of [vvar] has the data inside a time namespace: the last of four on x86 from 5.6 to 6.12, else the second. */
function timensPage(vvar: Mapping, mappings: readonly Mapping[]): number {
  const splitOff = process.arch !== 'x64' || mappings.some(({ name }) => name === '[vvar_vclock]');
  if (splitOff) return vvar.sizeBytes > x86PageBytes ? 1 : 0;
  return vvar.sizeBytes === 4 * x86PageBytes ? 3 : 0;
}
