/** What runs in a guest: a program of lab/programs.ts (or Node, which every guest has) and its arguments. */
export interface LabTarget {
  readonly program: string;
  readonly args: string;
  /** What it does, one clause. */
  readonly does: string;
}

const paced = '--rate 2000';
const libc = `${paced} often:1:libc:1`;
const nodeLoop = 'setInterval(()=>{for(let i=0;i<20;i++)process.hrtime()},10)';

export const labTargets = {
  glibc: { program: 'reads-glibc', args: libc, does: 'MONOTONIC through libc, 2 k/s' },
  'glibc static': { program: 'reads-glibc-static', args: libc, does: 'the same, linked statically' },
  musl: { program: 'reads-musl', args: libc, does: 'the same with musl' },
  'musl static': { program: 'reads-musl-static', args: libc, does: 'the same with musl, linked statically' },
  klibc: { program: 'reads-klibc', args: '2000', does: 'gettimeofday() of klibc, static, 2 k/s' },
  Go: { program: 'reads-go', args: '', does: 'time.Now() of Go, static, up to 20 k/s' },
  Node: { program: 'node', args: `-e '${nodeLoop}'`, does: 'process.hrtime() of Node, some 2 k/s' },
  i386: { program: 'reads-i386', args: libc, does: 'MONOTONIC through libc as a 32-bit process, 2 k/s' },
  'i386 time64': { program: 'reads-i386-time64', args: libc, does: 'the same by clock_gettime64' },
  'syscall()': { program: 'reads-glibc', args: `${paced} often:1:syscall:1`, does: "MONOTONIC by libc's syscall()" },
  'static syscall()': {
    program: 'reads-glibc-static',
    args: `${paced} often:1:syscall:1`,
    does: "MONOTONIC by libc's syscall() in a static executable",
  },
  'own instruction': {
    program: 'reads-glibc',
    args: `${paced} often:1:inline:1`,
    does: 'MONOTONIC by a system call instruction of its own',
  },
  'CPU clock': { program: 'reads-glibc', args: `${paced} often:3:libc:1`, does: "the thread's CPU clock through libc" },
  'static CPU clock': {
    program: 'reads-glibc-static',
    args: `${paced} often:3:libc:1`,
    does: "the thread's CPU clock in a static executable",
  },
  'i386 CPU clock': { program: 'reads-i386', args: `${paced} often:3:libc:1`, does: 'the same as a 32-bit process' },
  coarse: { program: 'reads-glibc', args: `${paced} often:6:libc:1`, does: 'MONOTONIC_COARSE through libc' },
  both: {
    program: 'reads-glibc',
    args: '--rate 8000 often:1:libc:1 sometimes:1:syscall:1',
    does: 'MONOTONIC through libc and by syscall(), 4 k/s each',
  },
  'getres musl': { program: 'workload-musl', args: `--function clock_getres ${paced}`, does: 'clock_getres() of musl' },
  vsyscall: {
    program: 'workload',
    args: `--function gettimeofday --path vsyscall ${paced}`,
    does: 'gettimeofday() at the fixed address of the legacy page',
  },
  prefork: {
    program: 'prefork',
    args: '--stay web:1:libc:1000 log:1:libc:500 idle:1:libc:0',
    does: 'a master and three children, of which two read MONOTONIC through libc',
  },
  'prefork, one by syscall()': {
    program: 'prefork',
    args: '--stay web:1:libc:1000 log:1:syscall:2000',
    does: 'a master and two children: MONOTONIC through libc, and by syscall()',
  },
  'prefork, one i386': {
    program: 'prefork',
    args: `--stay web:1:libc:1000 'old:exec:/lab/bin/reads-i386 ${paced} often:3:libc:1'`,
    does: "a master, a child with MONOTONIC through libc, and a 32-bit one with the thread's CPU clock",
  },
  idle: { program: 'sleep', args: '1000', does: 'nothing' },
} as const satisfies Readonly<Record<string, LabTarget>>;

export type TargetName = keyof typeof labTargets;
