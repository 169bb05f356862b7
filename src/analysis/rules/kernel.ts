import type { Evidence } from '../../model/findings.ts';
import type { HeldUpReads } from '../held-up-reads.ts';
import { digits, nsPhrase, ratePhrase, secondsPhrase, sharePhrase } from '../phrase.ts';
import { contradicts, type Rule, supports, targetRule } from '../rule.ts';
import { shareInterval } from '../statistics.ts';
import { counters, ownTimings, unlessUntouched } from './entered.ts';

/** Beyond this part of reads meeting an update of the page, retries would be worth a word. */
const retriesThatMatter = 0.01;
/** A page that is held up for less of the time, with a probability of 95 %, makes reads dearer by a ninth at most. */
const waitsThatMatter = 0.1;

const oneCpu = 'one CPU is online: no read runs while it updates the page';
/** Neither the price of such a read nor how long it takes tells of the page; coarse clocks are read from it all the same. */
const leftAlone = 'precise clocks are not read from the page here, but asked of the kernel: clock mode none';

/**
 * The bound by updates and price takes an update to last no time. What it really lasts is met by our own reads at the
 * moments at which they are timed: the same page, the same wait, and no hypervisor can hide it.
 */
function seldomHeldUp({ batches, heldUp }: HeldUpReads): readonly Evidence[] {
  const most = shareInterval(batches === 0 ? 1 : heldUp / batches, batches).high;
  if (most >= waitsThatMatter) return [];
  const seen = `of ${batches} batches of our own reads of the page ${heldUp === 0 ? 'none' : digits(heldUp)} took half as long again: readers wait at most ${sharePhrase(most)} of the time`;
  return [contradicts('strong', seen, ownTimings)];
}

const seqcountContention = targetRule({
  id: 'seqcount-contention',
  layer: 'kernel',
  role: 'cause',
  title: 'reads in the vDSO wait for updates of the clock page',
  needs: ['clock data page', 'price of a vDSO read', 'reads held up'],
  mayUse: ['online CPUs'],
  weigh({
    'clock data page': { updatesPerSecond, clockMode },
    'price of a vDSO read': { p50 },
    'reads held up': seen,
    'online CPUs': cpus,
  }) {
    // Updates are made with interrupts off (kernel/time/timekeeping.c).
    if (cpus === 1) return [contradicts('decisive', oneCpu, '/sys/devices/system/cpu/online')];
    if (clockMode === 'none') return [contradicts('weak', leftAlone, '[vvar] of vdsotop itself')];
    const part = (updatesPerSecond * p50) / 1e9;
    const bound = `${digits(updatesPerSecond)} updates of the page a second and ${nsPhrase(p50)} a read: about ${sharePhrase(part)} of reads meet one`;
    const where = 'seq of [vvar] in vdsotop itself';
    if (part >= retriesThatMatter) return [supports('strong', bound, where)];
    return [
      contradicts('weak', bound, where),
      contradicts(
        'weak',
        'a read that meets an update retries in user space: it never enters the kernel',
        'lib/vdso/gettimeofday.c',
      ),
      ...seldomHeldUp(seen),
    ];
  },
  undecidedWithout: {
    reading: 'how long updates of the clock page last',
    detail:
      'too few of our own reads of the page were timed, or too many took long: a virtual CPU that is preempted in the middle of an update lets readers wait for milliseconds',
  },
  clause: () => 'reads retry while the kernel updates the clock page',
  reference: 'include/vdso/helpers.h, vdso_read_begin and vdso_read_retry',
});

const syscallWatched = targetRule({
  id: 'syscall-watched',
  layer: 'kernel',
  role: 'amplifier',
  title: 'others watched clock system calls on this host when vdsotop began: each is dearer while they do',
  needs: ['kernel entries', 'other watchers'],
  weigh({ 'kernel entries': reads, 'other watchers': watchers }) {
    const where = 'tracefs, /proc/*/fd and the BPF programs on the tracepoints';
    // They are looked for once, since that takes the descriptors of all there is.
    if (watchers.length === 0)
      return [contradicts('strong', 'nobody else was found to watch them when vdsotop began', where)];
    const named = watchers.slice(0, 3).join('; ');
    const more = watchers.length > 3 ? ` and ${watchers.length - 3} more` : '';
    return unlessUntouched(reads, 'nothing that is counted', [
      supports('decisive', `when vdsotop began: ${named}${more}`, where),
    ]);
  },
  reference:
    'kernel/tracepoint.c, syscall_regfunc: while one event is on, system calls of every task take the traced way',
});

/** Fewer reads a second than this each find the page and the code as the one before left them long ago. */
const seldomPerSecond = 10;

const firstCallCost = targetRule({
  id: 'first-call-cost',
  layer: 'kernel',
  role: 'context',
  title: 'reads are so rare that each pays for cold caches, which prices measured in a loop do not show',
  needs: ['kernel entries', 'vDSO calls'],
  weigh({ 'kernel entries': { perSecond, seconds }, 'vDSO calls': { hits, armedThreadSeconds } }) {
    const caught = hits.reduce((sum, { count }) => sum + count, 0);
    const often = [
      ...(perSecond >= seldomPerSecond ? [`${ratePhrase(perSecond)} entered the kernel`] : []),
      ...(caught >= seldomPerSecond * armedThreadSeconds && caught > 0
        ? [`${caught} vDSO calls were caught in ${secondsPhrase(armedThreadSeconds)} of watched thread time`]
        : []),
    ];
    if (often.length > 0)
      return [contradicts('strong', `${often.join(' and ')}: too many to be first calls`, counters)];
    if (perSecond === 0 && caught === 0) return [];
    const seldom = `${ratePhrase(perSecond)} entered the kernel over ${secondsPhrase(seconds)} and ${caught} vDSO calls were caught`;
    return [supports('weak', seldom, counters)];
  },
  undecidedWithout: {
    reading: 'price of a first call',
    detail: 'unsupported: prices are of calls in a loop; the first of the target was made before it was watched',
  },
  reference: 'arch/x86/entry/vdso/vma.c, vvar_fault: the first read of a process takes a page fault',
});

const foreignKernelNames = { gvisor: 'gVisor', uml: 'User Mode Linux', wsl1: 'WSL 1' } as const;

const foreignKernel = targetRule({
  id: 'foreign-kernel',
  layer: 'kernel',
  role: 'context',
  title: 'another kernel stands in for Linux here, and its clock path is its own',
  needs: ['foreign kernel'],
  weigh: ({ 'foreign kernel': name }) =>
    name === 'none'
      ? [contradicts('decisive', 'this is Linux itself', 'as vdsotop sees its own kernel')]
      : [supports('decisive', `the kernel is ${foreignKernelNames[name]}`, 'as vdsotop sees its own kernel')],
  reference: 'google/gvisor pull 7975 (a vDSO of its own); arch/x86/um/vdso/um_vdso.c',
});

export const kernelRules: readonly Rule[] = [seqcountContention, syscallWatched, firstCallCost, foreignKernel];
