import type { KernelLogLine } from '../../model/host.ts';
import { boundKernelLog } from './bound-kernel-log.ts';
import { isAboutClocks } from './kernel-log-relevance.ts';
import { type KmsgReader, kmsgPath, openKmsg } from './kmsg-reader.ts';

export interface KernelLogWatch {
  /**
   * New lines about TSC and clocksources since the last poll, oldest first. The first polls pass over what was there
   * before, at most a thousand records each; after that one costs a system call.
   */
  poll(): readonly KernelLogLine[];
  close(): void;
}

const batchRecords = 1_000;

/** Watches the kernel log from now on. Where it cannot be read there are no lines: collectKernelLog says why. */
export function watchKernelLog(): KernelLogWatch {
  let kmsg = openOrNothing();
  let caughtUp = false;
  const close = () => {
    kmsg?.close();
    kmsg = undefined;
  };
  return {
    poll() {
      if (kmsg === undefined) return [];
      try {
        const { records, atEnd } = kmsg.read(batchRecords);
        const lines = caughtUp ? records.filter(({ fromKernel, text }) => fromKernel && isAboutClocks(text)) : [];
        caughtUp ||= atEnd;
        return boundKernelLog(lines, kmsgPath).value;
      } catch {
        close();
        return [];
      }
    },
    close,
  };
}

function openOrNothing(): KmsgReader | undefined {
  try {
    return openKmsg();
  } catch {
    return undefined;
  }
}
