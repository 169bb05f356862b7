import type { Row } from '../scenario.ts';
import { cpuClock, directSyscall, fast, slow } from './expectations.ts';

const both = { boot: 'arm64', kernels: ['6.1-arm64', '6.12-arm64'] } as const;
const gnuHashOnly = { boot: 'arm64', kernels: ['6.12-arm64'] } as const;
/** The place decides; which musl a static executable holds cannot be read of it, so that its reason is strong at most. */
const gnuHash = { evidence: /only a GNU hash table/, never: ['direct-syscall', 'counter-erratum'] };

/** arm64: from 6.11 on its vDSO may have a GNU hash table only, in which old musl and old Go find nothing. */
export const arm64Rows: readonly Row[] = [
  { ...both, target: 'glibc', expected: fast, quick: ['6.12-arm64'] },
  { ...gnuHashOnly, target: 'glibc static', expected: fast },
  { ...gnuHashOnly, target: 'syscall()', expected: directSyscall },
  { ...both, target: 'CPU clock', expected: cpuClock },
  { boot: 'arm64', kernels: ['6.1-arm64'], target: 'musl', expected: fast },
  { boot: 'arm64', kernels: ['6.1-arm64'], target: 'musl static', expected: fast },
  { boot: 'arm64', kernels: ['6.1-arm64'], target: 'Go', expected: fast },
  { ...gnuHashOnly, target: 'musl', expected: slow('libc-bypasses-vdso', { ...gnuHash, wouldNotHelp: /clocksource/ }) },
  {
    ...{ ...gnuHashOnly, target: 'musl static', quick: ['6.12-arm64'] },
    expected: slow('static-libc-without-vdso', { ...gnuHash, wouldNotHelp: /clocksource/ }),
  },
  {
    ...{ ...gnuHashOnly, target: 'Go', quick: ['6.12-arm64'] },
    expected: slow('runtime-bypasses-vdso', { ...gnuHash, wouldNotHelp: /libc/ }),
  },
];
