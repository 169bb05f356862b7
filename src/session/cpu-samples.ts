import type { RawCallSample } from '../collect/calls/raw-call-sample.ts';
import { type CpuSampling, createCpuSamples } from '../collect/cpu-samples/cpu-samples.ts';
import { listThreads } from '../collect/process/list-threads.ts';
import type { CpuSamples } from '../model/cpu-samples.ts';
import type { HostFacts } from '../model/host.ts';
import type { Reading } from '../model/reading.ts';
import type { TargetFacts } from '../model/target.ts';
import type { VdsoImage } from '../model/vdso.ts';

/** CPU sampling of a target through its life: begun at attach, begun anew at exec, and priced once. */
export interface AttachOptions {
  /** Of a shell that a command is about to replace nothing is sampled. */
  readonly soonExec: boolean;
  /** No breakpoint sees vDSO calls: samples tell them, and may spend the share of breakpoints too. */
  readonly tellsCalls: boolean;
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
  /** Part of one core that both probes of vDSO calls may take; sampling takes a third of it, or two where it tells the calls. */
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
    attach(target, host, { soonExec, tellsCalls }) {
      end();
      if (children || soonExec) return;
      sampling = createCpuSamples({
        pid: target.pid,
        threads: () => listThreads(target.pid),
        vdso: vdsoOf(target, host),
        budget: (fastCallsBudget / 3) * (tellsCalls ? 2 : 1),
        ...('value' in price && { price }),
        ...(tellsCalls && { calls: { image: imageOf(target, host) } }),
      });
      sampling.start();
    },
    detach: end,
    read: () => sampling?.read() ?? last,
    nsPerSample: () => sampling?.nsPerSample() ?? price,
    takeCalls: () => sampling?.takeCalls() ?? [],
    spentNs: () => spentBefore + (sampling?.spentNs() ?? 0),
  };
}

/** Ours, unless the target's is known to have other code: then clocks cannot be told apart in it. */
function imageOf({ vdso, bits }: TargetFacts, { ownVdso }: HostFacts): Reading<VdsoImage> {
  if (!('value' in bits) || bits.value !== 64) return otherCode;
  return 'value' in vdso && !vdso.value.sameAsOurs ? otherCode : ownVdso;
}

const otherCode = { unavailable: 'unsupported', detail: "the target's vDSO is not known to be ours" } as const;

/** The functions of its own image where that can be read; else of ours, which is the same for a 64-bit process. */
function vdsoOf({ mappings, vdso, bits }: TargetFacts, { ownVdso }: HostFacts) {
  if ('unavailable' in mappings) return undefined;
  const mapping = mappings.value.find(({ name }) => name === '[vdso]');
  if (mapping === undefined) return undefined;
  const ours = 'value' in ownVdso && 'value' in bits && bits.value === 64 ? ownVdso.value.symbols : [];
  return { start: mapping.start, end: mapping.end, symbols: 'value' in vdso ? vdso.value.image.symbols : ours };
}
