import type { Mapping } from '../../model/mappings.ts';
import { secondsPhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { counters, enteredSentence, savedShare } from './entered.ts';
import { whereFrom } from './sampled.ts';
import { mayBeNative, type PageReadings, pageEvidence } from './vsyscall-page.ts';

/** No 32-bit process has the page, whatever the mode, and no other architecture. */
function noPage(architecture: string | undefined): string {
  return architecture === undefined || architecture === 'x86_64'
    ? 'the target has no [vsyscall] page that could be called: the mode is none, or it is a 32-bit process'
    : `there is no [vsyscall] page on ${architecture}`;
}

const legacyVsyscall = targetRule({
  id: 'legacy-vsyscall',
  layer: 'program',
  role: 'cause',
  title: 'the program calls the legacy vsyscall page, which the kernel emulates',
  needs: ['legacy vsyscalls'],
  mayUse: [
    ...(["the target's mappings", 'call sites', 'price of a vDSO read', 'prices of the legacy page'] as const),
    ...(['kernel command line', 'kernel release', 'architecture'] as const),
  ],
  weigh({ 'legacy vsyscalls': reads, 'call sites': sites, "the target's mappings": mappings, ...seen }) {
    const page: PageReadings = {
      page: mappings?.find(({ name }) => name === '[vsyscall]'),
      release: seen['kernel release'],
      commandLine: seen['kernel command line'],
      prices: seen['prices of the legacy page'],
    };
    const counted = supports('decisive', enteredSentence(reads), 'vsyscall:emulate_vsyscall');
    if (reads.names.length > 0) return [counted, ...whereFrom(reads.names, sites), ...pageEvidence(page)];
    if (mappings !== undefined && !mappings.some(isCallable))
      return [contradicts('decisive', noPage(seen.architecture), '/proc/PID/maps')];
    if (mayBeNative(page)) return [];
    return [contradicts('strong', `no legacy vsyscall was counted in ${secondsPhrase(reads.seconds)}`, counters)];
  },
  undecidedWithout: {
    reading: 'calls of a native legacy page',
    detail: 'unsupported: before Linux 4.18 the page may hold real system calls, which are counted as all others are',
  },
  origin: 'vsyscall',
  clause: () => 'the kernel emulates the legacy vsyscall page',
  covers: ({ 'legacy vsyscalls': { names } }) => names,
  fix: ({ "the target's mappings": mappings }) => ({
    command:
      'rebuild the program against a libc of today (glibc 2.22 or newer does not call this page); where its own code calls the address, let it call libc instead',
    effect: lacksVdso(mappings)
      ? 'its reads become system calls, as long as it has no [vdso]: glibc before 2.22 calls this page where it has none'
      : 'gettimeofday(), time() and getcpu() call the vDSO, which answers them in user space where it reads the clocksource',
    risk: 'that of a rebuild',
    reversible: true,
    wouldNotHelp: 'vsyscall=emulate or vsyscall=xonly at boot: both trap into the kernel at every call',
  }),
  saves({ 'legacy vsyscalls': reads, 'price of a vDSO read': fast, "the target's mappings": mappings }) {
    return lacksVdso(mappings) ? undefined : savedShare({ ...reads, callsCaught: true }, fast);
  },
  reference: 'arch/x86/entry/vsyscall/vsyscall_64.c',
});

function lacksVdso(mappings: readonly Mapping[] | undefined): boolean {
  return mappings?.every(({ name }) => name !== '[vdso]') === true;
}

function isCallable({ name, permissions }: Mapping): boolean {
  return name === '[vsyscall]' && permissions.includes('x');
}

const tracerAttached = targetRule({
  id: 'tracer-attached',
  layer: 'program',
  role: 'amplifier',
  title: 'a tracer is attached to the target',
  needs: ['tracer'],
  weigh({ tracer }) {
    const where = 'TracerPid of /proc/PID/status';
    if (tracer === 0) return [contradicts('decisive', 'nothing traces the target', where)];
    return [
      supports(
        'decisive',
        `process ${tracer} traces it: if it stops at system calls, each entry costs it two stops`,
        where,
      ),
    ];
  },
  reference: 'ptrace(2), PTRACE_SYSCALL',
});

const seccompFilter = targetRule({
  id: 'seccomp-filter',
  layer: 'program',
  role: 'amplifier',
  title: 'a seccomp filter stands before the system calls of the target, or of a thread of it',
  needs: ['seccomp mode'],
  weigh({ 'seccomp mode': mode }) {
    const where = 'Seccomp of /proc/PID/status';
    if (mode !== 'filter') return [contradicts('decisive', `its seccomp mode is ${mode}`, where)];
    return [
      supports(
        'decisive',
        'the system calls of at least one of its threads pass a filter; the prices are of vdsotop, whose own may pass another or none',
        where,
      ),
    ];
  },
  reference: 'seccomp(2); kernel/seccomp.c: since 5.11 what a filter always allows passes without its being run',
});

const timeNamespace = targetRule({
  id: 'time-namespace',
  layer: 'program',
  role: 'context',
  title: 'the target lives in another time namespace, which by itself sends no read into the kernel',
  needs: ['another time namespace'],
  weigh({ 'another time namespace': other }) {
    const where = '/proc/PID/ns/time';
    return other
      ? [
          supports(
            'decisive',
            "its time namespace is not vdsotop's: a read by the vDSO may take some nanoseconds more or less than in vdsotop",
            where,
          ),
        ]
      : [contradicts('decisive', "its time namespace is vdsotop's", where)];
  },
  reference: 'time_namespaces(7); lib/vdso/gettimeofday.c, do_hres_timens',
});

export const programRules: readonly Rule[] = [legacyVsyscall, tracerAttached, seccompFilter, timeNamespace];
