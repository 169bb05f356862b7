import { createFastReads, type FastReads } from '../collect/fast-reads.ts';
import { listThreads } from '../collect/list-threads.ts';
import type { FastReadWitness, HostFacts, Reading, TargetFacts } from '../model.ts';

/** The witness of vDSO calls, or the reason why there is none for this target. */
export interface Witness {
  start(): void;
  read(): Reading<FastReadWitness>;
  close(): void;
}

/** The kernel maps one image into every 64-bit process, so our own symbols and the target's base give the addresses. */
export function createWitness(target: TargetFacts, host: HostFacts, wholeTree = false): Witness {
  if (wholeTree)
    return blind({ unavailable: 'unsupported', detail: 'vDSO calls are witnessed of one process, not of a tree' });
  const { mappings, bits } = target;
  if ('unavailable' in mappings) return blind(mappings);
  if ('unavailable' in host.ownVdso) return blind(host.ownVdso);
  if ('value' in bits && bits.value === 32)
    return blind({ unavailable: 'unsupported', detail: 'vDSO calls of 32-bit targets are not witnessed yet' });
  const vdso = mappings.value.find(({ name }) => name === '[vdso]');
  if (vdso === undefined) return blind({ unavailable: 'absent', detail: 'the target has no [vdso] mapping' });
  const probe: FastReads = createFastReads({
    pid: target.pid,
    vdsoBase: vdso.start,
    symbols: host.ownVdso.value.symbols,
    threads: () => listThreads(target.pid),
  });
  return probe;
}

function blind(reading: Reading<FastReadWitness>): Witness {
  return { start() {}, read: () => reading, close() {} };
}
