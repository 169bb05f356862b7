import type { Capsule } from '../model/capsule.ts';
import type { Report } from '../model/report.ts';
import type { Snapshot } from '../model/snapshot.ts';

export interface CapsuleFacts {
  /** Milliseconds since the Unix epoch. */
  readonly savedAtMs: number;
  readonly intervalMs: number;
  readonly commandLine: string;
  /** `elapsedMs` of the snapshot that is looked at, when it is not the last. */
  readonly shownMs?: number | undefined;
}

/** Snapshots with a header that says what they are of; `report` is their judgement. Nothing is taken out yet. */
export function makeCapsule(snapshots: readonly Snapshot[], report: Report, facts: CapsuleFacts): Capsule {
  const { host, target, limits, cost, tool } = report;
  const { savedAtMs, intervalMs, commandLine, shownMs } = facts;
  return {
    header: {
      capsule: 1,
      tool,
      savedAt: new Date(savedAtMs).toISOString(),
      kernel: host.kernel,
      clocksource: host.clocksource,
      vdsoBuildId: host.vdsoBuildId,
      cpuModel: host.cpuModel,
      hypervisor: host.hypervisor,
      target: { pid: target.pid, comm: target.comm, exe: target.exe },
      limits,
      cost,
      intervalMs,
      commandLine,
      hidden: [],
      ...(shownMs !== undefined && { shownMs }),
    },
    snapshots,
  };
}
