import { collectHost } from '../collect/host/host.ts';
import type { KernelLogNews } from '../collect/host/watch-kernel-log.ts';
import type { HostFacts } from '../model/host.ts';
import { withKernelNews } from './with-kernel-news.ts';

/** The host read again, and what it said meanwhile; what takes long to read stays as it was. */
export function hostAfresh(host: HostFacts, news: KernelLogNews): HostFacts {
  const { kernelLog, distribution, machineModel, otherWatchers } = host;
  return {
    ...collectHost(host.ownVdso),
    ...{ distribution, machineModel, otherWatchers },
    kernelLog: withKernelNews(kernelLog, news),
  };
}
