import type { FindingVerdict } from '../model/findings.ts';
import type { Known } from '../model/reading.ts';
import type { Report } from '../model/report.ts';
import { allReads, type Basis } from './basis.ts';
import { callerWords } from './caller-words.ts';
import { type ClockRead, growsWithThreads, lacksVdso } from './clock-read.ts';
import { clockEntry, isNoClock } from './clock-table.ts';
import { windowSeconds } from './coverage.ts';
import { entriesHiddenBy } from './entries-hidden-by.ts';
import { shareValue } from './facts/share-value.ts';
import { judgeRead, judgeShare, type Sight, slowEntryShare } from './judge-reads.ts';
import type { Judged } from './judge-rules.ts';
import { isUnavailable, known, mapKnown, orElse } from './known.ts';
import { digits, namesPhrase, nsPhrase, ratePhrase, secondsPhrase, sharePhrase } from './phrase.ts';
import { whosePhrase } from './sampled-processes.ts';
import { partOf, type SampledRead, sampleReads } from './sampled-reads.ts';
import { sampledTimeFunctions } from './sampled-time.ts';

export interface Scene {
  readonly basis: Basis;
  readonly sight: Sight;
  readonly judged: readonly Judged[];
  readonly verdict: Report['verdict'];
  readonly idle: boolean;
}

/** One sentence, true as it stands: the cause with its rate, price and share; that there is none; or why not known. */
export function writeHeadline(scene: Scene): string {
  if (scene.verdict === 'slow') return slowHeadline(scene);
  if (scene.verdict === 'fast') return fastHeadline(scene);
  return scene.idle ? idleHeadline(scene) : unknownHeadline(scene);
}

// --- Slow ---------------------------------------------------------------------------------------------------------

function slowHeadline(scene: Scene): string {
  const read = dearest(scene);
  if (read === undefined) return 'Clock reads are slow';
  const entry = entrySentence(scene, read);
  const reason = reasonOf(scene, read);
  return withCaller(scene.basis, read, (caller) => `${entry}${caller}; ${reason}`);
}

/** The slow read that costs most; where none is slow by itself, the dearest of what is slow together. */
function dearest({ basis, sight }: Scene): ClockRead | undefined {
  const entering = allReads(basis).filter(({ perSecond }) => orElse(perSecond, 0) > 0);
  const slow = entering.filter((read) => judgeRead(read, sight) === 'slow');
  const byCost = (a: ClockRead, b: ClockRead) =>
    shareValue(b) - shareValue(a) || orElse(b.perSecond, 0) - orElse(a.perSecond, 0);
  return [...(slow.length > 0 ? slow : entering)].sort(byCost)[0];
}

/** 'THREAD_CPUTIME_ID enters the kernel 20.1 k/s at 212 ns: 0.43 % of a core' */
function entrySentence({ basis }: Scene, read: ClockRead): string {
  const { name, slot, fn, perSecond, price, coreShare } = read;
  const rate = `${isExact(basis) ? '' : 'about '}${ratePhrase(orElse(perSecond, 0))}`;
  if (isUnavailable(price) || isUnavailable(coreShare))
    return `${name} enters the kernel ${rate}; what that costs is not known`;
  const grows = fn === 'clock_gettime' && growsWithThreads(slot, basis.threads);
  const about = price.standIn === undefined ? '' : 'about ';
  const at = grows
    ? `at ${about}${nsPhrase(price.ns.value)} or more (it adds up all threads)`
    : `at ${about}${nsPhrase(price.ns.value)}`;
  const share = `${grows ? 'at least ' : ''}${sharePhrase(coreShare.value)} of a core`;
  return `${name} enters the kernel ${rate} ${at}: ${share}${tracerPhrase(basis)}`;
}

/** Our own process, where the price was taken, has no tracer. */
function tracerPhrase({ window }: Basis): string {
  const tracer = known(window.last.target.tracerPid);
  return isUnavailable(tracer) || tracer === 0 ? '' : ' without what its tracer adds';
}

function isExact({ counted }: Basis): boolean {
  return !isUnavailable(counted) && counted.exact;
}

function reasonOf(scene: Scene, read: ClockRead): string {
  const sure = causesOf(scene, read, 'confirmed');
  if (sure.length > 0) return togetherPhrase(sure, isOfAllEntries(sampledOf(scene.basis, read.name)));
  const [likely] = causesOf(scene, read, 'likely');
  return likely === undefined ? unexplained(scene, read) : `likely because ${whole(likely)}`;
}

interface PartOfRead {
  readonly clause: string;
  /** Of this read's entries, those it accounts for. */
  readonly part: number;
  /** 'in 4711 (worker)', where it is not to be said of all processes of a tree; else ''. */
  readonly whose: string;
}

/** A smaller part of a read's entries does not come into the headline. */
const toldPart = 0.05;

/** What accounts for the most of a read's entries comes first; where no place was sampled each accounts for all. */
function causesOf({ basis, judged }: Scene, { name }: ClockRead, verdict: FindingVerdict): readonly PartOfRead[] {
  const sampled = sampledOf(basis, name);
  return judged
    .filter(({ finding, covers }) => finding.role === 'cause' && finding.verdict === verdict && covers.includes(name))
    .flatMap(({ clause, origin }) => {
      const part = origin === undefined || sampled === undefined ? 1 : partOf(sampled, origin);
      const whose = origin === undefined || sampled === undefined ? '' : whosePhrase(sampled, origin);
      return clause === undefined || part < toldPart ? [] : [{ clause, part, whose }];
    })
    .sort((a, b) => b.part - a.part);
}

function sampledOf(basis: Basis, name: string): SampledRead | undefined {
  return orElse(
    mapKnown(sampleReads(basis), ({ kernel }) => kernel.get(name)),
    undefined,
  );
}

/**
 * 'A', or 'for about 60 % of the entries A; for about 40 % B' where each accounts for a part. `ofAll`: these are parts
 * of all entries, and not of the sampled ones.
 */
function togetherPhrase([first, ...others]: readonly PartOfRead[], ofAll: boolean): string {
  const parts = others.filter(({ part }) => first !== undefined && first.part < 1 && part < 1);
  if (first === undefined) return '';
  if (first.part >= 1 - toldPart) return whole(first);
  const entries = ofAll ? 'entries' : 'sampled entries';
  const rest = parts.map((part) => `; for about ${sharePhrase(part.part)}${aside(part)} ${part.clause}`);
  return `for about ${sharePhrase(first.part)} of the ${entries}${aside(first)} ${first.clause}${rest.join('')}`;
}

/** Of a tree where entries are not laid to processes, what was not sampled may be anyone's. */
function isOfAllEntries(sampled: SampledRead | undefined): boolean {
  return sampled === undefined || sampled.ofAll || !isUnavailable(sampled.entering);
}

function whole({ clause, whose }: PartOfRead): string {
  return whose === '' ? clause : `${whose} ${clause}`;
}

function aside({ whose }: PartOfRead): string {
  return whose === '' ? '' : `, ${whose},`;
}

const longestHeadline = 170;

/** With the caller that was sampled, and its thread where there is one and room for it. */
function withCaller(basis: Basis, { name }: ClockRead, write: (caller: string) => string): string {
  const { caller, thread } = orElse(callerWords(basis, name), { caller: '', thread: '' });
  const whole = write(`${caller}${thread}`);
  return whole.length <= longestHeadline ? whole : write(caller);
}

/** No rule accounts for it: what is excluded, and what is left, without a name for the cause. */
function unexplained({ basis, sight }: Scene, read: ClockRead): string {
  const { served, fn, name } = read;
  const sampled = sampledOf(basis, name);
  if (sampled === undefined && !sight.is64Bit)
    return 'the target is not known to be a 64-bit process, and why it enters cannot be told of it';
  if (isUnavailable(served)) return `why cannot be told: ${served.detail}`;
  if (!served.served) return 'the vDSO of this host does not serve it, and no rule accounts for that';
  const price = served.vdsoNs === undefined ? '' : ` in ${nsPhrase(served.vdsoNs)}`;
  const serves = `this host's vDSO serves ${fn === 'clock_gettime' ? 'this clock' : 'it'}${price}`;
  if (partOf(sampled, 'vdso') > 0.5) return `the target's vDSO is called and enters the kernel, though ${serves}`;
  if (!sight.is64Bit) return 'why it enters cannot be told of a process that is not known to be a 64-bit one';
  const { tracerPid, vdso } = basis.window.last.target;
  // Its own code may hand every call on to the kernel, as that of a process under rr does.
  if (
    sampled === undefined &&
    !orElse(
      mapKnown(known(vdso), ({ sameAsOurs }) => sameAsOurs),
      false,
    )
  )
    return `${serves}; where it enters was not sampled`;
  const tracer = known(tracerPid) === 0 ? '' : ', or by its tracer';
  return `${serves}, so the call is made past the vDSO by the program or its libc${tracer}`;
}

// --- Fast ---------------------------------------------------------------------------------------------------------

function fastHeadline(scene: Scene): string {
  const { basis } = scene;
  const told = [entriesPhrase(basis, scene.verdict), fastPhrase(basis) ?? sampledPhrase(basis)]
    .filter((part) => part !== undefined)
    .join('; ');
  return `${told}${conclusion(scene)}`;
}

/** What the clock id decides is no fault of the host; any other cause that holds is told, however little it costs. */
function conclusion({ basis, judged }: Scene): string {
  const fault = judged.find(
    ({ finding, clause }) =>
      finding.role === 'cause' &&
      finding.verdict === 'confirmed' &&
      finding.id !== 'clock-never-in-vdso' &&
      clause !== undefined,
  );
  const failing = failingPhrase(basis);
  if (fault?.clause === undefined) return failing ?? ': nothing wrong with clock reads, look elsewhere';
  const told = fault.covers.length === 0 ? `, but ${fault.clause}` : `: too little to matter, though ${fault.clause}`;
  return `${told}${failing ?? ''}`;
}

/** What is read by an id that no clock has: cheap or not, none of these reads tells a time. */
function failingPhrase({ clocks }: Basis): string | undefined {
  const failing = clocks.some(({ slot, perSecond }) => isNoClock(clockEntry(slot)) && orElse(perSecond, 0) > 0);
  return failing ? '; reads of an id that no clock has fail, each of them, with EINVAL' : undefined;
}

/** 'No clock read entered the kernel in 14 s', or how many did and that they cost nothing to speak of. */
function entriesPhrase(basis: Basis, verdict: Report['verdict']): string {
  const seconds = secondsPhrase(windowSeconds(basis));
  const entering = allReads(basis)
    .filter(({ perSecond }) => orElse(perSecond, 0) > 0)
    .sort((a, b) => orElse(b.perSecond, 0) - orElse(a.perSecond, 0));
  if (entering.length === 0)
    return isExact(basis) && entriesHiddenBy(basis) === undefined
      ? `No clock read entered the kernel in ${seconds}`
      : `No kernel entry was counted in ${seconds}`;
  const rate = entering.reduce((sum, { perSecond }) => sum + orElse(perSecond, 0), 0);
  const share = entering.reduce((sum, read) => sum + shareValue(read), 0);
  const only = verdict === 'fast' ? 'only ' : '';
  const names = namesPhrase(entering.map(({ name }) => name));
  return `${names} entered the kernel ${only}${isExact(basis) ? '' : 'about '}${ratePhrase(rate)} over ${seconds}, ${sharePhrase(share)} of a core`;
}

/** 'MONOTONIC is read through the vDSO' */
function fastPhrase({ clocks, functions }: Basis): string | undefined {
  const names = [...clocks, ...functions]
    .filter(({ hits, perSecond, served, tellsTime }) => {
      const serves = isUnavailable(served) ? perSecond === 0 : served.served;
      return tellsTime && orElse(hits, 0) > 0 && serves;
    })
    .sort((a, b) => orElse(b.hits, 0) - orElse(a.hits, 0))
    .map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `${namesPhrase(names)} ${names.length === 1 ? 'is' : 'are'} read through the vDSO`;
}

/** 'clock_gettime() stays in the vDSO, of which clocks is not seen', where only CPU sampling saw it */
function sampledPhrase({ fastPath: { time } }: Basis): string | undefined {
  const names = sampledTimeFunctions(time);
  if (names.length === 0) return undefined;
  return `${namesPhrase(names)} ${names.length === 1 ? 'runs' : 'run'} in the vDSO, of which clocks is not seen`;
}

// --- Idle and unknown ---------------------------------------------------------------------------------------------

function idleHeadline({ basis, verdict }: Scene): string {
  const seconds = secondsPhrase(windowSeconds(basis));
  const noCall = `${callsPhrase(basis)}${childrenPhrase(basis)}`;
  const entered = allReads(basis).some(({ perSecond }) => orElse(perSecond, 0) > 0);
  if (entered) return `No clock was read as far as is seen: ${entriesPhrase(basis, verdict)}, and ${noCall}`;
  return `No clock read was seen in ${seconds}: no kernel entry, and ${noCall}`;
}

function callsPhrase({ window, witnessed }: Basis): string {
  if (lacksVdso(window) || isUnavailable(witnessed)) return 'there is no [vdso] to call';
  return `no vDSO call in ${digits(witnessed.armedThreadSeconds)} s of watched thread time`;
}

const namedChildren = 3;

/** A master that reads no clock while its children do is no idle service; not all of many are looked at. */
function childrenPhrase({ window }: Basis): string {
  const children = orElse(known(window.last.target.children), []);
  const seen = children.filter(({ readsSeen }) => readsSeen !== undefined);
  const reading = seen.filter(({ readsSeen = 0 }) => readsSeen > 0);
  const looked = `${seen.length} of ${children.length}`;
  const isPart = seen.length > 0 && seen.length < children.length;
  if (reading.length === 0) return isPart ? `; ${looked} children were looked at, and read none` : '';
  const named = reading.slice(0, namedChildren).map(({ pid, comm }) => `${pid} (${comm || 'unnamed'})`);
  const rest = reading.length > named.length ? ` and ${reading.length - named.length} more` : '';
  const part = isPart ? ` (${looked} were looked at)` : '';
  return `; but of its children ${named.join(', ')}${rest} ${reading.length === 1 ? 'does' : 'do'} read clocks${part}: -p watches one, --children all`;
}

function unknownHeadline(scene: Scene): string {
  const { basis, sight } = scene;
  if (isUnavailable(basis.counted)) return uncountedHeadline(basis, basis.counted);
  if (!sight.seesEntries && !sight.is64Bit) return not64BitHeadline(basis);
  const untold = allReads(basis).find((read) => judgeShare(read) === 'untold');
  if (untold !== undefined) return untoldHeadline(scene, untold);
  const unpriced = allReads(basis).find(({ coreShare }) => isUnavailable(coreShare));
  if (unpriced !== undefined) return `${entrySentence(scene, unpriced)}, so it cannot be judged`;
  return `${entriesPhrase(basis, scene.verdict)}; ${blindness(basis, sight)}${childrenPhrase(basis)}`;
}

function uncountedHeadline(basis: Basis, counted: Extract<Known<never>, { unavailable: string }>): string {
  const fast = fastPhrase({
    ...basis,
    clocks: basis.clocks.filter(({ served }) => !isUnavailable(served) && served.served),
  });
  const reason = `kernel entries are not counted (${counted.unavailable}: ${counted.detail})`;
  return fast === undefined ? `Not known: ${reason}` : `${fast}, but ${reason}`;
}

function not64BitHeadline(basis: Basis): string {
  const kind =
    known(basis.window.last.target.bits) === 32 ? 'is a 32-bit process' : 'is not known to be a 64-bit process';
  return `Not known: the target ${kind}, and of its clock reads not enough can be seen`;
}

function untoldHeadline(scene: Scene, read: ClockRead): string {
  const limit = sharePhrase(slowEntryShare);
  return `${entrySentence(scene, read)}; whether that is more than ${limit} of its reads cannot be told: ${blindness(scene.basis, scene.sight)}`;
}

function blindness({ witnessed }: Basis, { seesCalls }: Sight): string {
  if (isUnavailable(witnessed))
    return `reads through the vDSO cannot be seen (${witnessed.unavailable}: ${witnessed.detail})`;
  return seesCalls ? 'too few vDSO calls were watched' : 'reads through the vDSO have not been watched yet';
}
