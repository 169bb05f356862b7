import type { RawCallSample } from '../collect/calls/raw-call-sample.ts';
import { type CpuSamplePrice, createCpuSamplePrice } from '../collect/cpu-samples/cpu-sample-price.ts';
import { type CpuSampling, createCpuSamples } from '../collect/cpu-samples/cpu-samples.ts';
import { vdsoToSample } from '../collect/cpu-samples/vdso-to-sample.ts';
import { listThreads } from '../collect/process/list-threads.ts';
import type { ProcessTree } from '../collect/tree/process-tree.ts';
import { createSampledProcesses } from '../collect/tree/sampled-processes.ts';
import type { TreeMembers } from '../collect/tree/tree-members.ts';
import type { CpuSamples } from '../model/cpu-samples.ts';
import type { HostFacts } from '../model/host.ts';
import type { Reading } from '../model/reading.ts';
import type { TargetFacts } from '../model/target.ts';

/** CPU sampling of a target through its life: begun at attach and begun anew at exec; its price goes on through both. */
export interface AttachOptions {
  /** Of a shell that a command is about to replace nothing is sampled. */
  readonly soonExec: boolean;
  /** No breakpoint sees vDSO calls: samples tell them, and may spend the share of breakpoints too. */
  readonly tellsCalls: boolean;
  /** Part of one core that breakpoints leave at this moment. */
  readonly unspent: () => number;
}

export interface TargetCpuSamples {
  /** Ends what was sampled before. */
  attach(target: TargetFacts, host: HostFacts, options: AttachOptions): void;
  detach(): void;
  read(): Reading<CpuSamples>;
  nsPerSample(): Reading<number>;
  /** Calls that were interrupted in the vDSO since last asked, where samples are to tell them. */
  takeCalls(): readonly RawCallSample[];
  /** Time that sampling has taken from the target so far, as priced; nanoseconds. */
  spentNs(): number;
}

export interface CpuSamplesOptions {
  /** The target is a tree of processes. */
  readonly children: boolean;
  /**
   * Part of one core that both probes of vDSO calls may take; sampling takes a third of it and what breakpoints leave, or two
   * thirds where it tells the calls.
   */
  readonly fastCallsBudget?: number;
}

const defaultBudget = 0.003;
const notSampled = { unavailable: 'absent', detail: 'CPU time is not sampled yet' } as const;

export function createTargetCpuSamples(
  { children, fastCallsBudget = defaultBudget }: CpuSamplesOptions,
  tree: ProcessTree,
  members: TreeMembers,
): TargetCpuSamples {
  let sampling: CpuSampling | undefined;
  let last: Reading<CpuSamples> = notSampled;
  let price: CpuSamplePrice | undefined;
  let spentBefore = 0;

  const end = () => {
    if (sampling === undefined) return;
    last = sampling.read();
    spentBefore += sampling.spentNs();
    sampling.close();
    sampling = undefined;
  };

  return {
    attach(target, host, { soonExec, tellsCalls, unspent }) {
      end();
      if (soonExec) return;
      const { place, image } = vdsoToSample(target, host.ownVdso);
      price ??= createCpuSamplePrice(target.pid, tellsCalls);
      sampling = createCpuSamples({
        pid: target.pid,
        threads: children
          ? () => tree.threads().filter((tid) => members.ofThread(tid) !== undefined)
          : () => listThreads(target.pid),
        vdso: place,
        price,
        budget: (fastCallsBudget / 3) * (tellsCalls ? 2 : 1),
        ...(!tellsCalls && { unspent }),
        ...(children && { processes: createSampledProcesses(tree, members, host.ownVdso, tellsCalls) }),
        ...(tellsCalls && { calls: { image } }),
      });
      sampling.start();
    },
    detach() {
      end();
      price?.close();
    },
    read: () => sampling?.read() ?? last,
    nsPerSample: () => price?.read() ?? notSampled,
    takeCalls: () => sampling?.takeCalls() ?? [],
    spentNs: () => spentBefore + (sampling?.spentNs() ?? 0),
  };
}
