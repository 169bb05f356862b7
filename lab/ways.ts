/** How vdsotop watches in a guest: lines of shell around it (lab/guest/init). */
export interface Way {
  /** @default usualWatch */
  readonly watch?: string;
  readonly user?: 'user';
  readonly before?: string;
  /** Runs beside vdsotop. */
  readonly beside?: string;
  readonly after?: string;
  /** What starts the target. */
  readonly under?: string;
  /** From attaching to the verdict; more where the guest is slow (judge.ts). @default 5 */
  readonly withinSeconds?: number;
  /** How long of them it watches. @default 2 */
  readonly watchedSeconds?: number;
  /** vdsotop has the console itself, and the host reads its screen. */
  readonly screen?: true;
}

const paranoid = (level: number) => `echo ${level} >/proc/sys/kernel/perf_event_paranoid`;
const compatVdso = (on: 0 | 1) => `echo ${on} >/proc/sys/abi/vsyscall32`;
const use = (clocksource: string) => `echo ${clocksource} >$clocksources/current_clocksource`;
// An emulated breakpoint hit is many times as dear as a real one: at the default budget, few windows fit into two seconds.
const budget = '--fast-calls 4%';
const report = `/vdsotop/bin/vdsotop report -p $pid ${budget} --json --duration`;
/** For a report; what the screen is watched with is `live`. */
export const usualWatch = `${report} 2s`;
const live = `/vdsotop/bin/vdsotop -p $pid ${budget}`;
// An operating system command that terminals ignore: the host sees the moment, and the screen stays as it is.
export const switchedMark = '@@lab switched';
const tellSwitch = `printf '\\033]0;${switchedMark}\\007' >$console`;

export const ways = {
  root: {},
  'with children': { watch: `${report} 4s --children`, withinSeconds: 9, watchedSeconds: 4 },
  'perf counters': { watch: `${report} 2s --counter perf` },
  'user, paranoid 2': { user: 'user', before: paranoid(2) },
  'user, paranoid 3': { user: 'user', before: paranoid(3), after: paranoid(2) },
  'no tracefs': { before: 'umount /sys/kernel/tracing', after: 'mount -t tracefs tracing /sys/kernel/tracing' },
  'no perf': { watch: `${report} 2s --perf-trace 500ms` },
  'time namespace': {
    // By path: busybox's shell takes its own unshare for any other.
    under: '/lab/bin/unshare -T --boottime 1000 --fork --kill-child',
  },
  'vsyscall32 off': { before: compatVdso(0), after: compatVdso(1) },
  'vsyscall32 off at its start': { before: compatVdso(0), beside: compatVdso(1) },
  'switched meanwhile': {
    watch: `${report} 12s`,
    withinSeconds: 15,
    watchedSeconds: 12,
    beside: `once_attached 3000000 '${use('hpet')}'`,
    after: use('tsc'),
  },
  screen: { watch: live, screen: true },
  'screen, switched meanwhile': {
    watch: live,
    screen: true,
    beside: `once_attached 12000000 '${use('hpet')}; ${tellSwitch.replaceAll("'", '"')}'`,
    after: use('tsc'),
  },
} as const satisfies Readonly<Record<string, Way>>;

export type WayName = keyof typeof ways;
