import type { KernelLogLine } from '../../model/host.ts';
import { cleanText } from '../clean-text.ts';
import { isAboutClocks } from './kernel-log-relevance.ts';
import { type KmsgReader, openKmsg } from './kmsg-reader.ts';

/** What the kernel said between two looks. */
export interface KernelLogNews {
  /** About TSC and clocksources, oldest first, and all of them: whoever keeps them bounds what is kept. */
  readonly lines: readonly KernelLogLine[];
  /** Others could not be read: overwritten while vdsotop was stopped, say, or by more than the buffer holds. */
  readonly lost: boolean;
}

export interface KernelLogWatch {
  /**
   * What is new since the last poll, of a thousand records at most: the next poll has the rest. The first ones pass over what
   * was there before; after that one costs a system call.
   */
  poll(): KernelLogNews;
  /** Whether the log can be read: without that there is no news, whatever the kernel says. */
  isOpen(): boolean;
  close(): void;
}

const batchRecords = 1_000;
const longestLine = 512;
const nothing: KernelLogNews = { lines: [], lost: false };

/** Watches the kernel log from now on. Where it cannot be read there are no lines: collectKernelLog says why. */
export function watchKernelLog(open: () => KmsgReader = openKmsg): KernelLogWatch {
  let kmsg = openOrNothing(open);
  let caughtUp = false;
  const close = () => {
    kmsg?.close();
    kmsg = undefined;
  };
  return {
    poll() {
      if (kmsg === undefined) return nothing;
      try {
        const { records, atEnd, lost } = kmsg.read(batchRecords);
        const isNew = caughtUp;
        caughtUp ||= atEnd;
        if (!isNew) return nothing;
        const lines = records.filter(({ fromKernel, text }) => fromKernel && isAboutClocks(text));
        return {
          lines: lines.map(({ bootSeconds, text }) => ({ bootSeconds, text: cleanText(text, longestLine) })),
          lost,
        };
      } catch {
        close();
        return { lines: [], lost: true };
      }
    },
    isOpen: () => kmsg !== undefined,
    close,
  };
}

function openOrNothing(open: () => KmsgReader): KmsgReader | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}
