import type { HostFacts } from '../../model/host.ts';
import type { Reading } from '../../model/reading.ts';
import { available } from '../reading.ts';
import { readHostFile } from './read-host-file.ts';

/** What another kernel than Linux says of itself where it stands in for Linux. */
const signs: readonly {
  readonly name: 'gvisor' | 'uml' | 'wsl1';
  readonly path: string;
  readonly pattern: RegExp;
}[] = [
  // gVisor's Sentry reports one constant build (pkg/sentry/kernel/version.go), lately with its name in it.
  { name: 'gvisor', path: '/proc/version', pattern: /gvisor|#1 SMP Sun Jan 10 15:06:54 PST 2016/i },
  // 'Linux version 4.4.0-19041-Microsoft'; WSL2 is a real kernel and says 'microsoft' (microsoft/WSL issue 4555).
  { name: 'wsl1', path: '/proc/version', pattern: /^Linux version \S+-Microsoft\b/ },
  // arch/um/kernel/um_arch.c, show_cpuinfo.
  { name: 'uml', path: '/proc/cpuinfo', pattern: /vendor_id\s*: User Mode Linux/ },
];

/** 'none' where neither file bears the sign of one; `read` is for what such kernels were seen to write. */
export function readForeignKernel(read: (path: string) => Reading<string> = readHostFile): HostFacts['foreignKernel'] {
  const answers = signs.map(({ name, path, pattern }) => ({ name, pattern, text: read(path) }));
  for (const { name, pattern, text } of answers)
    if ('value' in text && pattern.test(text.value)) return available(name, text.source);
  for (const { text } of answers) if ('unavailable' in text) return text;
  return available('none', [...new Set(signs.map(({ path }) => path))].join(', '));
}
