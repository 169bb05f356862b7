import { createClockPageReader } from '../collect/host/clock-page.ts';
import { createClockSteps } from '../collect/host/clock-steps.ts';
import { collectHost, collectSlowHost } from '../collect/host/host.ts';
import { readOwnVdso } from '../collect/host/own-vdso.ts';
import { readClocksource } from '../collect/host/read-clocksource.ts';
import { type KernelLogNews, type KernelLogWatch, watchKernelLog } from '../collect/host/watch-kernel-log.ts';
import { createCgroupThrottling } from '../collect/process/cgroup-throttling.ts';
import type { HostFacts, KernelLogLine } from '../model/host.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { EventLog } from './event-log.ts';
import { hostAfresh } from './host-afresh.ts';
import { withKernelNews } from './with-kernel-news.ts';

/** The host as it changes while a target is watched; what happens to it becomes an event. */
export interface WatchedHost {
  facts(): HostFacts;
  /** Looks what has happened since; true where another clocksource was chosen. */
  follow(): boolean;
  readClockPage(): Snapshot['clockPage'];
  /** Reads what takes long: kernel log, machine, other watchers. */
  readSlowFacts(): Promise<void>;
  close(): void;
}

/** How what changes is read, other than in tests. */
const systemReaders = {
  watchKernelLog: (): KernelLogWatch => watchKernelLog(),
  readClocksource,
  collectSlowHost,
};

/** `pid`: the process whose CPU quota is looked after. */
export function createWatchedHost(
  pid: number,
  events: EventLog,
  readers: Partial<typeof systemReaders> = {},
): WatchedHost {
  const read = { ...systemReaders, ...readers };
  const kernelLog = read.watchKernelLog();
  const clockSteps = createClockSteps();
  const throttling = createCgroupThrottling(pid);
  const clockPage = createClockPageReader();
  let host = collectHost(readOwnVdso());
  let clockMode: string | undefined;
  /** What the kernel said until its log was read as a whole, which may have gone by that place already. */
  let early: KernelLogNews | undefined = { lines: [], lost: false };

  return {
    facts: () => host,
    follow() {
      const news = kernelLog.poll();
      if (early !== undefined) early = { lines: [...early.lines, ...news.lines], lost: early.lost || news.lost };
      for (const { text } of news.lines) events.note('kernel-log', text);
      for (const { kind, text } of clockSteps.poll()) events.note(kind, text);
      for (const text of throttling.poll()) events.note('throttled', text);
      const before = host.currentClocksource;
      const now = read.readClocksource();
      const isSwitched = 'value' in before && 'value' in now && before.value !== now.value;
      // What is read anew must not show a switch that this look has not seen yet: the next one would not notice it.
      if (news.lines.length > 0 || news.lost || isSwitched) {
        // It says why, where that can be read.
        const unread = isSwitched && !kernelLog.isOpen();
        host = {
          ...hostAfresh(host, { ...news, lost: news.lost || unread }),
          currentClocksource: isSwitched ? now : before,
        };
      }
      if (isSwitched) events.note('clocksource-switched', `clocksource ${before.value} → ${now.value}`);
      return isSwitched;
    },
    readClockPage() {
      const page = clockPage.read();
      if ('value' in page) {
        if (clockMode !== undefined && clockMode !== page.value.clockMode)
          events.note('clock-mode-changed', `vvar clock mode ${clockMode} → ${page.value.clockMode}`);
        clockMode = page.value.clockMode;
      }
      return page;
    },
    async readSlowFacts() {
      const slow = await read.collectSlowHost();
      // Only now: the clocksource may have been switched meanwhile, and an older host would have it switched again.
      host = { ...host, ...slow, kernelLog: withEarly(slow.kernelLog, early) };
      early = undefined;
    },
    close: kernelLog.close,
  };
}

function withEarly(log: HostFacts['kernelLog'], early: KernelLogNews | undefined): HostFacts['kernelLog'] {
  if (early === undefined) return log;
  const keyOf = ({ bootSeconds, text }: KernelLogLine) => `${bootSeconds} ${text}`;
  const known = new Set('value' in log ? log.value.map(keyOf) : []);
  return withKernelNews(log, { ...early, lines: early.lines.filter((line) => !known.has(keyOf(line))) });
}
