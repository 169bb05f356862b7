import type { ClockSlot } from '../../model/clock-calls.ts';
import type { Fix } from '../../model/findings.ts';
import { type ClockEntry, isNoClock, neverInVdso, slotName } from '../clock-table.ts';
import type { ClockReadings, EnteredClock } from '../facts/clock-facts.ts';
import { mainlineServes } from '../kernel-version.ts';
import { isUnavailable } from '../known.ts';
import { nsPhrase, secondsPhrase, timesPhrase } from '../phrase.ts';
import { clockRule, contradicts, type Rule, supports } from '../rule.ts';
import type { ServedClock } from '../vdso-service.ts';
import { counters, onlyTold, ownTimings } from './entered.ts';
import { isDecisiveAgainst, placeEvidence, whereFrom } from './sampled.ts';
import { unlessPatched } from './unless-patched.ts';

const genericVdso = 'lib/vdso/gettimeofday.c, 5.3 to 7.3';

const clockNeverInVdso = clockRule({
  id: 'clock-never-in-vdso',
  layer: 'vdso',
  role: 'cause',
  title: "no kernel's vDSO serves this clock",
  needs: ['entries of this clock'],
  mayUse: ['this clock by the vDSO', 'price of its twin', 'precise clocks of the vDSO', 'call sites'],
  weigh({ 'entries of this clock': entered, 'this clock by the vDSO': here, 'call sites': sites }) {
    const { clock, count } = entered;
    if (clock.kind === 'mixed') return [];
    if (!neverInVdso(clock)) return [contradicts('decisive', servedElsewhere(clock), genericVdso)];
    if (count === 0) return [notEntered(entered)];
    const entries = supports(
      'decisive',
      `${enteredOnce(entered)}, as each read of it must: ${whyNever[clock.kind]}`,
      genericVdso,
    );
    return [entries, ...savesNothing(here), ...whereFrom([clock.name], sites)];
  },
  clause: ({ 'entries of this clock': { clock } }) =>
    isNoClock(clock)
      ? 'the kernel has no such clock, and every read of it fails'
      : "no kernel's vDSO serves this clock",
  covers: ({ 'entries of this clock': { clock } }) => [clock.name],
  fix: (seen) => fixForNever(seen['entries of this clock'], seen['precise clocks of the vDSO'] ?? []),
  saves({ 'entries of this clock': { read, perSecond }, 'price of its twin': twin }) {
    if (isUnavailable(read.coreShare)) return undefined;
    const stays = twin === undefined ? 0 : (perSecond * twin.p50) / 1e9;
    return { ...read.coreShare, value: Math.max(0, read.coreShare.value - stays), low: 0 };
  },
  reference: `${genericVdso}; clock_gettime(2)`,
});

const whyNever: Readonly<Record<ClockEntry['kind'], string>> = {
  cpu: 'CPU time is kept by the scheduler, and no vDSO serves it',
  alarm: 'no vDSO serves an alarm clock',
  descriptor: 'the clock belongs to a device, and no vDSO serves it',
  reserved: 'the kernel has no such clock and answers EINVAL',
  unknown: 'the kernel has no such clock and answers EINVAL',
  precise: 'a vDSO serves it',
  coarse: 'a vDSO serves it',
  aux: 'a vDSO serves it where it is enabled',
  mixed: 'of some of them no vDSO serves any',
};

function servedElsewhere({ name, kind }: ClockEntry): string {
  return kind === 'aux'
    ? `${name} is served by the vDSO where it is configured and enabled`
    : `a healthy vDSO serves ${name}`;
}

function enteredOnce({ clock, perSecond, seconds }: EnteredClock): string {
  return `${clock.name} entered the kernel ${timesPhrase(perSecond, seconds)}`;
}

function notEntered({ clock, seconds }: EnteredClock) {
  return contradicts('decisive', `${clock.name} did not enter the kernel in ${secondsPhrase(seconds)}`, counters);
}

/** Two prices of one syscall differ by noise. */
const sameWithinNoise = 0.75;

function savesNothing(here: ServedClock | undefined) {
  const { vdsoNs, syscallNs } = here ?? {};
  if (here === undefined || vdsoNs === undefined || syscallNs === undefined) return [];
  if (here.served || vdsoNs < syscallNs * sameWithinNoise) return [];
  const prices = `${nsPhrase(vdsoNs)} for ${here.name} and the syscall ${nsPhrase(syscallNs)}`;
  return [supports('strong', `the vDSO takes ${prices}: going through it saves nothing`, ownTimings)];
}

function fixForNever({ clock, read }: EnteredClock, precise: readonly ServedClock[]): Fix {
  const each = isUnavailable(read.price)
    ? 'each read left out saves a syscall'
    : `each read left out saves ${nsPhrase(read.price.ns.value)}`;
  const wouldNotHelp = 'another clocksource, kernel or libc: none of them makes a vDSO serve this clock';
  if (clock.twin !== undefined) return { ...fixByTwin(clock.name, clock.twin, precise), wouldNotHelp };
  if (isNoClock(clock))
    return {
      command: 'find the caller that passes this clock id and correct it',
      effect: each,
      risk: 'none: the call fails as it is',
      reversible: true,
    };
  const instead = clock.kind === 'cpu' ? ', or CLOCK_MONOTONIC where elapsed time will do' : '';
  return {
    command: `read it less often${instead}`,
    effect: each,
    risk: clock.kind === 'cpu' ? 'CPU time and elapsed time are different quantities' : 'fewer readings of the device',
    reversible: true,
    wouldNotHelp,
  };
}

/** kernel/time/alarmtimer.c, alarm_clock_get_timespec: an alarm clock tells the time of its base clock, or EINVAL. */
const twinTime =
  'the time that the alarm clock tells where the machine has a real-time clock (without one its reads fail), and a vDSO serves it';

function fixByTwin(name: string, twin: ClockSlot, precise: readonly ServedClock[]): Fix {
  const here = precise.find(({ slot }) => slot === twin);
  return {
    command: `read CLOCK_${slotName(twin)} instead of CLOCK_${name}`,
    effect:
      here?.served === false
        ? `${twinTime}; that of this host does not, so that nothing is saved until it does`
        : twinTime,
    risk: 'none for reading: only timers need the alarm clock',
    reversible: true,
  };
}

const clockNotInThisKernelsVdso = clockRule({
  id: 'clock-not-in-this-kernels-vdso',
  layer: 'vdso',
  role: 'cause',
  title: "this kernel's vDSO does not serve this clock, others' do",
  needs: ['entries of this clock', 'precise clocks of the vDSO', 'kernel release', 'architecture', 'bits'],
  mayUse: ['this clock by the vDSO', 'call sites', 'patched vDSO'],
  weigh(seen) {
    const { 'entries of this clock': entered, 'this clock by the vDSO': here, 'call sites': sites } = seen;
    if (entered.clock.kind === 'mixed') return [];
    if (entered.count === 0) return [notEntered(entered)];
    if (neverInVdso(entered.clock))
      return [contradicts('decisive', "no kernel's vDSO serves it, so this one lacks nothing", genericVdso)];
    const places = placeEvidence({ names: [entered.clock.name] }, sites, 'vdso', 'weak');
    if (here === undefined || seen.bits === 32) return [...places, ...byVersion(seen)];
    if (here.served) return [contradicts('decisive', fasterHere(here), ownTimings)];
    const siblings = againstSiblings(here, seen);
    if (places.some(isDecisiveAgainst)) return [...places, ...onlyTold(siblings)];
    return [...places, ...unlessPatched(seen['patched vDSO'], siblings, true)];
  },
  origin: 'vdso',
  clause: ({ 'kernel release': release }) => `the vDSO of kernel ${release} does not serve this clock`,
  covers: ({ 'entries of this clock': { clock } }) => [clock.name],
  fix: ({ 'entries of this clock': { clock }, 'precise clocks of the vDSO': precise }) =>
    fixForLacking(
      clock,
      precise.some(({ slot, served }) => served && slot !== clock.slot),
    ),
  saves({ 'entries of this clock': { read, perSecond }, 'precise clocks of the vDSO': precise }) {
    if (isUnavailable(read.coreShare)) return undefined;
    const stays = (perSecond * (precise.find(({ served }) => served)?.vdsoNs ?? 0)) / 1e9;
    return { ...read.coreShare, value: Math.max(0, read.coreShare.value - stays), low: 0 };
  },
  reference: 'kernel sources by version: arch/x86/entry/vdso, arch/arm64/kernel/vdso, lib/vdso',
});

/** `othersFast`: whether this host's vDSO reads another precise clock, so that its clocksource is not in the way. */
function fixForLacking(clock: ClockEntry, othersFast: boolean): Fix {
  return {
    command:
      clock.kind === 'aux'
        ? 'enable the clock, on a kernel with CONFIG_POSIX_AUX_CLOCKS'
        : `run a kernel whose vDSO serves CLOCK_${clock.name}`,
    effect: othersFast
      ? 'reads stay in user space, as those of the other precise clocks do'
      : 'reads stay in user space where the vDSO can read the clocksource: here it reads no precise clock',
    risk: 'a reboot into another kernel',
    reversible: true,
    ...(othersFast && { wouldNotHelp: 'another clocksource: the vDSO reads the other precise clocks fast as it is' }),
  };
}

function fasterHere({ name, vdsoNs = 0, syscallNs = 0 }: ServedClock): string {
  return `this host's vDSO serves ${name}: ${nsPhrase(vdsoNs)} against ${nsPhrase(syscallNs)} by syscall`;
}

/** Where the same vDSO serves other precise clocks, it is this clock id; where it serves none, it is something else. */
function againstSiblings(here: ServedClock, seen: VersionSeen & Pick<ClockReadings, 'precise clocks of the vDSO'>) {
  const sibling = seen['precise clocks of the vDSO'].find(({ slot, served }) => served && slot !== here.slot);
  const version = byVersion(seen);
  if (sibling?.vdsoNs !== undefined && here.vdsoNs !== undefined) {
    const prices = `${nsPhrase(here.vdsoNs)} for ${here.name}, but ${nsPhrase(sibling.vdsoNs)} for ${sibling.name}`;
    return [supports('decisive', `the vDSO takes ${prices}`, ownTimings), ...version];
  }
  const lacking = version.filter(({ direction }) => direction === 'supports');
  const notThisId = 'the vDSO serves no other precise clock either: it is not this clock id';
  return lacking.length > 0 ? lacking : [contradicts('decisive', notThisId, ownTimings)];
}

type VersionSeen = Pick<ClockReadings, 'entries of this clock' | 'kernel release' | 'architecture'>;

function byVersion({ 'entries of this clock': { clock }, 'kernel release': release, architecture }: VersionSeen) {
  const serves = mainlineServes(clock, architecture, release);
  if (serves === undefined) return [];
  const where = `kernel sources, ${architecture}`;
  return serves
    ? [
        contradicts(
          'weak',
          `mainline's vDSO serves ${clock.name} in ${release}${clock.kind === 'aux' ? ' where it is enabled' : ''}`,
          where,
        ),
      ]
    : [supports('strong', `mainline's vDSO does not serve ${clock.name} in ${release}`, where)];
}

/** What the clock id decides, it decides on a perfectly healthy host too. */
export const clockIdRules: readonly Rule[] = [clockNeverInVdso, clockNotInThisKernelsVdso];
