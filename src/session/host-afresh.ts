import { withNewLines } from '../collect/host/bound-kernel-log.ts';
import { collectHost } from '../collect/host/host.ts';
import type { HostFacts, KernelLogLine } from '../model/host.ts';
import type { Reading } from '../model/reading.ts';

/** The host read again, and what it said meanwhile; what takes long to read stays as it was. */
export function hostAfresh(host: HostFacts, newLines: readonly KernelLogLine[]): HostFacts {
  const { kernelLog, distribution, machineModel, otherWatchers } = host;
  return {
    ...collectHost(host.ownVdso),
    ...{ distribution, machineModel, otherWatchers },
    kernelLog: withLines(kernelLog, newLines),
  };
}

/** A log that is not read yet, or could not be, has none to add to. */
function withLines(
  log: Reading<readonly KernelLogLine[]>,
  newLines: readonly KernelLogLine[],
): Reading<readonly KernelLogLine[]> {
  return 'value' in log && newLines.length > 0 ? withNewLines(log, newLines) : log;
}
