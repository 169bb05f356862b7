import { join } from 'node:path';
import { buildProgram } from '../test/programs/build.ts';
import { buildGo } from '../test/programs/build-go.ts';

type Build = () => string;

// As distributions ship programs: callers are found by unwinding, or not at all.
const mixed = (flags: readonly string[], compiler?: string) => () =>
  buildProgram('mixed-reads', ['-fomit-frame-pointer', ...flags], compiler);
const forArm64 = 'aarch64-linux-gnu-gcc';
const muslForArm64 = join(import.meta.dirname, 'rig/musl-gcc-arm64');
const time64 = ['-D_TIME_BITS=64', '-D_FILE_OFFSET_BITS=64'];

/** The programs of a guest by architecture: the same that the tests watch on the host, built in many ways. */
export const programs: Readonly<Record<'amd64' | 'arm64', Readonly<Record<string, Build>>>> = {
  amd64: {
    'reads-glibc': mixed([]),
    'reads-glibc-static': mixed(['-static']),
    'reads-musl': mixed([], 'musl-gcc'),
    'reads-musl-static': mixed(['-static'], 'musl-gcc'),
    'reads-i386': mixed(['-m32']),
    'reads-i386-time64': mixed(['-m32', ...time64]),
    'reads-klibc': () => buildProgram('plain-reads', [], 'klcc'),
    'reads-go': () => buildGo('/usr/bin/go', 'amd64'),
    prefork: () => buildProgram('prefork', ['-fomit-frame-pointer']),
    workload: () => buildProgram('workload'),
    'workload-musl': () => buildProgram('workload', [], 'musl-gcc'),
  },
  arm64: {
    'reads-glibc': mixed([], forArm64),
    'reads-glibc-static': mixed(['-static'], forArm64),
    'reads-musl': mixed(['-Wl,--dynamic-linker=/lib/ld-musl-aarch64.so.1'], muslForArm64),
    'reads-musl-static': mixed(['-static'], muslForArm64),
    'reads-go': () => buildGo('/usr/bin/go', 'arm64'),
  },
};
