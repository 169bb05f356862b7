import { boundKernelLog } from '../collect/host/bound-kernel-log.ts';
import type { KernelLogNews } from '../collect/host/watch-kernel-log.ts';
import type { HostFacts } from '../model/host.ts';

type Log = HostFacts['kernelLog'];

/** 'in part' is what a log says of itself that does not hold everything. */
const inPart = '; since then in part: records were overwritten before they could be read';

/** Bounded as a whole. A log that is not read yet, or could not be, has none to add to. */
export function withKernelNews(log: Log, { lines, lost }: KernelLogNews): Log {
  if ('unavailable' in log) return log;
  const { value, cut } = log;
  const source = !lost || log.source.endsWith(inPart) ? log.source : `${log.source}${inPart}`;
  if (lines.length === 0) return source === log.source ? log : { ...log, source };
  return boundKernelLog([...value, ...lines], source, (cut?.of ?? value.length) + lines.length);
}
