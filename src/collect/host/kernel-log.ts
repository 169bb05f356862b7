import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KernelLog, KernelLogLine } from '../../model/host.ts';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { available, errorText, isDenied, unavailable } from '../reading.ts';
import { boundKernelLog } from './bound-kernel-log.ts';
import { type KernelJournal, readKernelJournal } from './kernel-journal.ts';
import { isAboutClocks } from './kernel-log-relevance.ts';
import { kmsgPath, openKmsg } from './kmsg-reader.ts';

/** What the ring buffer holds, of what it was given since boot. */
export interface RingContent {
  /** False when the oldest records have been overwritten. */
  readonly fromBoot: boolean;
  /** When its oldest record was written. */
  readonly sinceBootSeconds: number;
  /** About clocks only. */
  readonly lines: readonly KernelLogLine[];
}

const search = "grep -iE 'tsc|clocksource'";
/** Records read in one go, some ten milliseconds: the screen is alive meanwhile. */
const batchRecords = 1_000;

/**
 * The kernel's lines about TSC and clocksources since boot. The ring buffer is read first, the journal where the former
 * has lost its beginning. Never throws. An empty list says that the log was read whole; lines from a log without its
 * beginning are given, and the source says so; no lines from such a log is unavailable.
 */
export async function collectKernelLog(): Promise<KernelLog | Unavailable> {
  const ring = await readRing();
  if ('value' in ring && ring.value.fromBoot) return judgeKernelLog(ring, undefined);
  return judgeKernelLog(ring, await readKernelJournal());
}

/** One reading from the two logs; `journal` is undefined where it was not needed. */
export function judgeKernelLog(
  ring: Reading<RingContent>,
  journal: Reading<KernelJournal> | undefined,
): KernelLog | Unavailable {
  if ('value' in ring && ring.value.fromBoot)
    return boundKernelLog(ring.value.lines, `${ring.source}, whole since boot`);
  const kept = journal !== undefined && 'value' in journal ? journal.value : undefined;
  const ringLines = 'value' in ring ? ring.value.lines : [];
  const lines = merge(kept?.lines ?? [], ringLines);
  const isGap = 'value' in ring && kept !== undefined && ring.value.sinceBootSeconds > kept.untilBootSeconds;
  if (kept?.fromBoot && !isGap) return boundKernelLog(lines, 'journalctl -k -b, whole since boot');
  if ('unavailable' in ring && kept === undefined) return ring;
  const ends = isGap ? `the journal ends ${Math.round(kept.untilBootSeconds)} s and ` : '';
  const missing =
    'value' in ring
      ? `${ends}the ring buffer begins ${Math.round(ring.value.sinceBootSeconds)} s after boot`
      : 'the journal does not begin at boot';
  if (lines.length > 0) return boundKernelLog(lines, `kernel log, in part: ${missing}`);
  return unavailable(
    'absent',
    `${missing}, and what is left of the kernel log says nothing of TSC or clocksources`,
    kept === undefined ? `sudo journalctl -k -b | ${search}` : undefined,
  );
}

/** The ring's lines that the journal lacks come after it: journald may lag, or have stopped. */
function merge(journal: readonly KernelLogLine[], ring: readonly KernelLogLine[]): readonly KernelLogLine[] {
  const last = journal.at(-1)?.bootSeconds ?? -1;
  return [...journal, ...ring.filter(({ bootSeconds }) => bootSeconds > last)];
}

async function readRing(): Promise<Reading<RingContent>> {
  try {
    const kmsg = openKmsg();
    try {
      return available(await readAll(kmsg), kmsgPath);
    } finally {
      kmsg.close();
    }
  } catch (error) {
    return ringFailure(errorText(error));
  }
}

async function readAll(kmsg: ReturnType<typeof openKmsg>): Promise<RingContent> {
  const lines: KernelLogLine[] = [];
  let first: { readonly sequence: number; readonly bootSeconds: number } | undefined;
  let atEnd = false;
  while (!atEnd) {
    const batch = kmsg.read(batchRecords);
    // What is overwritten as it is read ends what was read before: the ring begins later by now.
    first = batch.lost ? batch.records.at(-1) : (first ?? batch.records[0]);
    lines.push(...batch.records.filter(({ fromKernel, text }) => fromKernel && isAboutClocks(text)));
    atEnd = batch.atEnd;
    await nextTurn();
  }
  return { fromBoot: first?.sequence === 0, sinceBootSeconds: first?.bootSeconds ?? 0, lines };
}

/** check_syslog_permissions of kernel/printk/printk.c: with dmesg_restrict the reader needs CAP_SYSLOG. */
function ringFailure(code: string): Reading<never> {
  const remedy = `sudo dmesg | ${search}`;
  if (isDenied(code))
    return unavailable('denied', `${kmsgPath} needs CAP_SYSLOG (kernel.dmesg_restrict is 1): ${code}`, remedy);
  if (code === 'ENOENT') return unavailable('absent', `${kmsgPath} is not there (usual in a container)`, remedy);
  return unavailable('failed', `reading ${kmsgPath}: ${code}`, remedy);
}
