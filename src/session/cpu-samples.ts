import { type CpuSampling, createCpuSamples } from '../collect/cpu-samples/cpu-samples.ts';
import { listThreads } from '../collect/process/list-threads.ts';
import type { CpuSamples, HostFacts, Reading, TargetFacts } from '../model.ts';

/** CPU sampling of a target through its life: begun at attach, begun anew at exec, and priced once. */
export interface TargetCpuSamples {
  /** Ends what was sampled before; `soonExec`: of a shell that a command is about to replace nothing is sampled. */
  attach(target: TargetFacts, host: HostFacts, soonExec: boolean): void;
  detach(): void;
  read(): Reading<CpuSamples>;
  nsPerSample(): Reading<number>;
  /** Time that sampling has taken from the target so far, as priced; nanoseconds. */
  spentNs(): number;
}

export interface CpuSamplesOptions {
  /** The target is a tree of processes. */
  readonly children: boolean;
  /** Part of one core that both probes of vDSO calls may take; sampling takes half of it. */
  readonly fastCallsBudget?: number;
}

const defaultBudget = 0.003;
const notSampled = { unavailable: 'absent', detail: 'CPU time is not sampled yet' } as const;
const wholeTree = { unavailable: 'unsupported', detail: 'CPU time is sampled of one process, not of a tree' } as const;

export function createTargetCpuSamples({
  children,
  fastCallsBudget = defaultBudget,
}: CpuSamplesOptions): TargetCpuSamples {
  let sampling: CpuSampling | undefined;
  let last: Reading<CpuSamples> = children ? wholeTree : notSampled;
  let price: Reading<number> = children ? wholeTree : notSampled;
  let spentBefore = 0;

  const end = () => {
    if (sampling === undefined) return;
    last = sampling.read();
    price = sampling.nsPerSample();
    spentBefore += sampling.spentNs();
    sampling.close();
    sampling = undefined;
  };

  return {
    attach(target, host, soonExec) {
      end();
      if (children || soonExec) return;
      sampling = createCpuSamples({
        pid: target.pid,
        threads: () => listThreads(target.pid),
        vdso: vdsoOf(target, host),
        budget: fastCallsBudget / 3,
        ...('value' in price && { price }),
      });
      sampling.start();
    },
    detach: end,
    read: () => sampling?.read() ?? last,
    nsPerSample: () => sampling?.nsPerSample() ?? price,
    spentNs: () => spentBefore + (sampling?.spentNs() ?? 0),
  };
}

/** The functions of its own image where that can be read; else of ours, which is the same for a 64-bit process. */
function vdsoOf({ mappings, vdso, bits }: TargetFacts, { ownVdso }: HostFacts) {
  if ('unavailable' in mappings) return undefined;
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return undefined;
  const ours = 'value' in ownVdso && 'value' in bits && bits.value === 64 ? ownVdso.value.symbols : [];
  return { start: mapping.start, end: mapping.end, symbols: 'value' in vdso ? vdso.value.image.symbols : ours };
}
