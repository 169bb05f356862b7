import { boundKernelLog } from '../collect/host/bound-kernel-log.ts';
import type { KernelLogNews } from '../collect/host/watch-kernel-log.ts';
import type { HostFacts } from '../model/host.ts';

type Log = HostFacts['kernelLog'];

/** 'in part' is what a log says of itself that does not hold everything. */
const inPart = '; since then in part: not all that the kernel said could be read';

/** Of a log that is not read yet, could not be, or had nothing left of clocks. */
const sinceBegun = 'kernel log, in part: since vdsotop began';

/** Bounded as a whole. */
export function withKernelNews(log: Log, { lines, lost }: KernelLogNews): Log {
  if ('unavailable' in log) return lines.length === 0 ? log : boundKernelLog(lines, sinceBegun);
  const { value, cut } = log;
  const source = !lost || log.source.endsWith(inPart) ? log.source : `${log.source}${inPart}`;
  if (lines.length === 0) return source === log.source ? log : { ...log, source };
  return boundKernelLog([...value, ...lines], source, (cut?.of ?? value.length) + lines.length);
}
