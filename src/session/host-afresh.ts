import { boundKernelLog } from '../collect/host/bound-kernel-log.ts';
import { collectHost } from '../collect/host/host.ts';
import type { HostFacts, KernelLogLine } from '../model/host.ts';

/** The host read again, and what it said meanwhile; what takes long to read stays as it was. */
export function hostAfresh(host: HostFacts, newLines: readonly KernelLogLine[]): HostFacts {
  const { kernelLog, distribution, machineModel, otherWatchers } = host;
  return {
    ...collectHost(host.ownVdso),
    ...{ distribution, machineModel, otherWatchers },
    kernelLog: withLines(kernelLog, newLines),
  };
}

/** Bounded as a whole. A log that is not read yet, or could not be, has none to add to. */
function withLines(log: HostFacts['kernelLog'], newLines: readonly KernelLogLine[]): HostFacts['kernelLog'] {
  if ('unavailable' in log || newLines.length === 0) return log;
  const { value, source, cut } = log;
  return boundKernelLog([...value, ...newLines], source, (cut?.of ?? value.length) + newLines.length);
}
