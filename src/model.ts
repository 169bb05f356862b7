/**
 * The words of vdsotop, types only. Collectors fill `Snapshot`s, pure analysis turns a window of them into one
 * `Report`, and every screen, file and endpoint renders that Report. This file imports nothing.
 */

// --- Readings -------------------------------------------------------------------------------------------------

/** Why something cannot be said: no permission, not there, not possible here, or an error while reading it. */
export type UnavailableReason = 'denied' | 'absent' | 'unsupported' | 'failed';

/** The absence of a value, with its reason. It stays this, never a default number, all the way to the screen. */
export interface Unavailable {
  readonly unavailable: UnavailableReason;
  /** One line for a person: what was tried and what answered. */
  readonly detail: string;
  /** The exact command or setting that would supply the value, where there is one. */
  readonly remedy?: string;
}

/** A value with where it comes from: a path or the name of a probe. */
export interface Available<T> {
  readonly value: T;
  readonly source: string;
}

export type Reading<T> = Available<T> | Unavailable;

/** A Reading as a Report carries it: the bare value, or why there is none. */
export type Known<T> = T | Unavailable;

// --- Clocks and functions ---------------------------------------------------------------------------------------

/**
 * Where a clock id is counted. 0–31: the clock id itself. 32: CPU clock of a process by pid, 33: CPU clock of a thread
 * by tid, 34: clock of a file descriptor (PTP), 35: an id the kernel does not know. (Negative ids encode 32–34:
 * include/linux/posix-timers.h, CPUCLOCK_* and FD_TO_CLOCKID.) 36: clocks that the counter does not tell apart; perf
 * counters tell 0–9 and 11 apart, BPF tells all apart and never uses it.
 */
export type ClockSlot = number;

/** The ways a clock read enters the kernel. The legacy vsyscall page is emulated and fires no syscall tracepoint. */
export type EntryFunction =
  | 'clock_gettime'
  | 'clock_getres'
  | 'gettimeofday'
  | 'time'
  | 'getcpu'
  | 'vsyscall_gettimeofday'
  | 'vsyscall_time'
  | 'vsyscall_getcpu';

/** What the native sampler times: a clock or time function, the null-syscall floor, or the raw counter read. */
export type TimedCall =
  | 'clock_gettime'
  | 'clock_getres'
  | 'gettimeofday'
  | 'time'
  | 'getcpu'
  | 'null_syscall'
  | 'counter';

/** How a timed call is made: through libc, the vDSO symbol, a raw syscall, the vsyscall page, or bare instructions. */
export type TimedPath = 'libc' | 'vdso' | 'syscall' | 'vsyscall' | 'raw';

// --- Facts of the host --------------------------------------------------------------------------------------------

/** One line of /proc/PID/maps that concerns clock reads. Addresses are hexadecimal strings without 0x (64 bits). */
export interface Mapping {
  readonly name: '[vdso]' | '[vvar]' | '[vvar_vclock]' | '[vsyscall]';
  readonly start: string;
  readonly end: string;
  readonly permissions: string;
  readonly sizeBytes: number;
}

/** A vDSO image: where it is mapped, what it exports, and its GNU build id (hexadecimal) where it has one. */
export interface VdsoImage {
  readonly base: string;
  readonly sizeBytes: number;
  readonly buildId: string | undefined;
  readonly hashTables: readonly ('sysv' | 'gnu')[];
  readonly symbols: readonly { readonly name: string; readonly offset: number }[];
}

/** The kernel's clock data page as our own process sees it (FACTS.md §6). */
export interface ClockPage {
  /** Byte offset of the time data in [vvar] at which the layout was recognised. */
  readonly offset: number;
  /** 'none' means every precise clock falls back; the other modes may still fall back at run time. */
  readonly clockMode: 'none' | 'tsc' | 'pvclock' | 'hvclock' | 'timens' | 'archtimer' | 'unknown';
  readonly seq: number;
  /** Updates of the page a second, from two reads of seq (it advances by twos), over `rateWindowMs`. */
  readonly updatesPerSecond: number;
  readonly rateWindowMs: number;
}

export interface KernelLogLine {
  /** Seconds since boot, as the kernel stamps it. */
  readonly bootSeconds: number;
  readonly text: string;
}

/** What the CPU flags say of the counter; each absent flag is simply not in the list. */
export interface CpuFacts {
  readonly model: string;
  readonly flags: readonly string[];
}

export interface HostFacts {
  readonly hostname: Reading<string>;
  readonly architecture: Reading<string>;
  readonly kernelRelease: Reading<string>;
  readonly kernelCommandLine: Reading<string>;
  readonly currentClocksource: Reading<string>;
  readonly availableClocksources: Reading<readonly string[]>;
  readonly cpu: Reading<CpuFacts>;
  readonly onlineCpus: Reading<number>;
  /** 'none' on bare metal, else the hypervisor's name ('kvm', 'xen', 'hyperv', 'vmware', 'qemu-tcg', 'unknown'). */
  readonly hypervisor: Reading<string>;
  /** /sys/devices/system/cpu/vulnerabilities: file name → its line; these price a syscall. */
  readonly mitigations: Reading<Readonly<Record<string, string>>>;
  readonly cpuGovernor: Reading<string>;
  readonly numaNodes: Reading<number>;
  readonly nohzFull: Reading<string>;
  readonly isolatedCpus: Reading<string>;
  /** Lines about TSC and clocksources only. An empty list means the log was read whole and has none. */
  readonly kernelLog: Reading<readonly KernelLogLine[]>;
  readonly perfEventParanoid: Reading<number>;
  /** Our own process's mappings and vDSO: the healthy neighbour that the target is compared with. */
  readonly ownMappings: Reading<readonly Mapping[]>;
  readonly ownVdso: Reading<VdsoImage>;
  /** Asked of systeminformation once, after the first frame: 'Debian GNU/Linux 12 (bookworm)'. */
  readonly distribution: Reading<string>;
  /** Maker and model of the machine, or of the virtual machine. */
  readonly machineModel: Reading<string>;
  /** Others who watch clock system calls: ftrace events switched on, processes that hold events or programs there. */
  readonly otherWatchers: Reading<readonly string[]>;
  /** Another kernel standing in for Linux, as our own process sees it; its clock path is its own. */
  readonly foreignKernel: Reading<'none' | 'gvisor' | 'uml' | 'wsl1'>;
  /** Effective capabilities of vdsotop, lower case without CAP_ ('bpf', 'perfmon', 'sys_admin', 'sys_ptrace' …). */
  readonly capabilities: Reading<readonly string[]>;
}

// --- Who the program is -------------------------------------------------------------------------------------------

/** The libc a target runs on: told by the file it maps, or by what a static executable holds. */
export interface Libc {
  readonly name: 'glibc' | 'musl' | 'klibc' | 'dietlibc' | 'uclibc' | 'bionic' | 'none' | 'unknown';
  /** '2.36'; absent where it could not be told. */
  readonly version?: string;
  /** Of the shared file, or of the static executable it is part of. */
  readonly path?: string;
}

/** The language runtime whose clock code may not be libc's. */
export interface Runtime {
  readonly name: 'go' | 'jvm' | 'node' | 'python' | 'ruby' | 'erlang' | 'dotnet' | 'rust' | 'none';
  readonly version?: string;
  /** What is known of its clock path (FACTS.md §10), one sentence; absent where nothing is. */
  readonly clockPath?: string;
}

/** A clock function that another library than libc defines and that lookups find first. */
export interface Interposer {
  /** 'clock_gettime' */
  readonly symbol: string;
  /** Path of the library that defines it. */
  readonly module: string;
  /** Why lookups find it: it stands before libc in the search order, or a caller's own slot holds its address. */
  readonly how: 'search-order' | 'resolved-slot';
}

/** The target's own vDSO image, and how it compares with ours. */
export interface TargetVdso {
  readonly image: VdsoImage;
  /** Whether its bytes are those of vdsotop's own vDSO; an image of the other word size is never the same. */
  readonly sameAsOurs: boolean;
  /** Offsets (from its start) of the first bytes that differ, at most eight; empty when none do. */
  readonly differsAt: readonly number[];
}

// --- Facts of the target ------------------------------------------------------------------------------------------

export interface ChildProcess {
  readonly pid: number;
  readonly comm: string;
  /** Clock reads seen of it in a short look, taken once the target itself was found idle; absent before or if blind. */
  readonly readsSeen?: number;
}

export interface TargetFacts {
  /** As /proc of this PID namespace names it. */
  readonly pid: number;
  /** Clock ticks since boot, field 22 of /proc/PID/stat: tells a reused pid. */
  readonly startTimeTicks: Reading<number>;
  readonly comm: Reading<string>;
  readonly exe: Reading<string>;
  readonly commandLine: Reading<readonly string[]>;
  readonly uid: Reading<number>;
  readonly bits: Reading<32 | 64>;
  readonly linkage: Reading<'static' | 'dynamic'>;
  /** Only the mappings that concern clock reads; an empty list means maps was read and has none. */
  readonly mappings: Reading<readonly Mapping[]>;
  /** AT_SYSINFO_EHDR of /proc/PID/auxv, hexadecimal; '0' when the vector has no such entry or it is null. */
  readonly sysinfoEhdr: Reading<string>;
  readonly tracerPid: Reading<number>;
  readonly seccompMode: Reading<'none' | 'strict' | 'filter'>;
  /** Whether the target lives in another time namespace than vdsotop. */
  readonly otherTimeNamespace: Reading<boolean>;
  readonly libc: Reading<Libc>;
  readonly runtime: Reading<Runtime>;
  /** Clock functions that do not come from libc; an empty list means the search order was read and none does. */
  readonly interposers: Reading<readonly Interposer[]>;
  /** Read through /proc/PID/mem, which needs the permission to attach. */
  readonly vdso: Reading<TargetVdso>;
  /** Its cgroup (v2 path), and the container it stands for where the path tells one. */
  readonly cgroup: Reading<{ readonly path: string; readonly container?: string }>;
  /** The pid in the target's own innermost PID namespace (last field of NSpid). */
  readonly namespacePid: Reading<number>;
  /** Direct children, for a master that reads no clock while its children do. */
  readonly children: Reading<readonly ChildProcess[]>;
}

/** Read every tick: how many threads there are and what the target has burnt so far. */
export interface TargetActivity {
  readonly threadCount: number;
  /** Names of threads by tid, for those that were read (the busiest are). */
  readonly threadNames: Readonly<Record<number, string>>;
  /** User + system CPU time of the whole process since it started. */
  readonly cpuTimeNs: number;
}

// --- Samples ------------------------------------------------------------------------------------------------------

export interface EntryCount {
  readonly fn: EntryFunction;
  /** Clock slot for clock_gettime and clock_getres; 0 for the others, which take no clock id. */
  readonly slot: ClockSlot;
  readonly count: number;
}

export interface ThreadEntryCount extends EntryCount {
  /** As /proc/PID/task of our namespace names it. */
  readonly tid: number;
}

/** Kernel entries of the target, cumulative since the counter was armed. */
export interface EntryTotals {
  readonly method: 'bpf' | 'perf' | 'perf-trace';
  /** False when the counter is a sample or may have missed or over-counted; `caveat` then says why. */
  readonly exact: boolean;
  readonly caveat?: string;
  /** Milliseconds since the counter was armed, by our monotonic clock at the moment of reading. */
  readonly armedForMs: number;
  readonly counts: readonly EntryCount[];
  readonly threads: readonly ThreadEntryCount[];
  /** Entries counted in `counts` that could not be laid to a thread (the table of threads was full). */
  readonly unattributed: number;
  /** Whether calls of 32-bit code are in it; absent: no, and a 0 proves nothing of a 32-bit process. */
  readonly sees32Bit?: boolean;
}

/** vDSO calls of the target that were caught at an execution breakpoint: a witness that it does read on the fast path. */
export interface FastReadWitness {
  /** Cumulative hits per function and clock slot (slot 0 for functions without a clock id). */
  readonly hits: readonly EntryCount[];
  /** Cumulative thread-milliseconds during which a breakpoint was armed. */
  readonly armedThreadMs: number;
  /** Windows that ended early because they reached their bound of hits: the true rate is higher. */
  readonly boundedWindows: number;
  readonly windows: number;
}

/** One thread's breakpoints, armed for one moment: what an estimate of vDSO calls is made of. */
export interface FastWindow {
  readonly tid: number;
  /** From arming to disarming. */
  readonly armedMs: number;
  readonly functions: readonly FastWindowFunction[];
}

/** What one breakpoint of a window caught. */
export interface FastWindowFunction {
  readonly fn: EntryFunction;
  /** By clock slot (0 for a function without clock id). */
  readonly hits: readonly { readonly slot: ClockSlot; readonly count: number }[];
  /** The bound of hits was reached and this one looked no further, so long after arming; absent where it looked to the end. */
  readonly usedUpAfterMs?: number;
}

/** Samples of where the target's threads spend their CPU time, cumulative since the sampling began. */
export interface CpuSamples {
  /** CPU time between two samples of a thread, nanoseconds. */
  readonly periodNs: number;
  readonly threads: readonly CpuSampleThread[];
  /** Samples inside [vdso] by symbol: '__vdso_clock_gettime' → 12. */
  readonly vdsoSymbols: Readonly<Record<string, number>>;
  /** The same samples over all threads, each weighing the period it stood for: the period changes with the budget. */
  readonly weights: CpuSampleWeights;
  /** CPU time that threads burnt while they were among the sampled ones, in pauses of the sampling too; nanoseconds. */
  readonly watchedCpuNs: number;
  /** The part of it without those pauses. */
  readonly sampledCpuNs: number;
  /** How long sampled threads ran as perf has it: what switching a thread costs is not in it, what a hypervisor takes is. */
  readonly ranNs: number;
  /** Whether kernel addresses could be sampled too. */
  readonly seesKernel: boolean;
  /** Whether the kernel's clock functions are known by address; without it `kernelClock` is 0 and says nothing. */
  readonly namesKernel: boolean;
  /** Records that the kernel dropped. */
  readonly lost: number;
}

/** Nanoseconds of CPU time that samples stand for. */
export interface CpuSampleWeights {
  readonly all: number;
  readonly vdso: number;
  readonly kernelClock: number;
  readonly kernel: number;
  /** Sum of the squared weights: all² ÷ this is how many equal samples they are worth. */
  readonly squares: number;
}

export interface CpuSampleThread {
  readonly tid: number;
  readonly samples: number;
  readonly vdso: number;
  /** In the kernel's entry code and clock functions; 0 where the kernel is not seen. */
  readonly kernelClock: number;
  readonly kernel: number;
}

// --- Call sites -----------------------------------------------------------------------------------------------------

/** What kind of code an address of the target belongs to. */
export type CodeKind = 'vdso' | 'vsyscall' | 'libc' | 'executable' | 'library' | 'anonymous' | 'unknown';

/** Where an address of the target lies, in words. Names come from the target: cleaned, bounded. */
export interface CodePlace {
  /** Hexadecimal without 0x, as the target maps it. */
  readonly address: string;
  readonly kind: CodeKind;
  /** File the mapping shows, or '[vdso]'; absent for anonymous memory. */
  readonly module?: string;
  /** From .symtab, .dynsym or perf-PID.map; absent where none covers the address. */
  readonly symbol?: string;
  /** Bytes from the start of that symbol. */
  readonly offset?: number;
}

/** One place from which clock reads come, as sampled. */
export interface CallSite {
  /** 'kernel': sampled where a read enters the kernel; 'vdso': where it enters the vDSO, whether it stays there or not. */
  readonly side: 'kernel' | 'vdso';
  readonly fn: EntryFunction;
  readonly slot: ClockSlot;
  readonly tid: number;
  /** Of 'kernel': the syscall instruction. Of 'vdso': the vDSO function. */
  readonly place: CodePlace;
  /** Who called that, nearest first; empty where it could not be followed. */
  readonly callers: readonly CodePlace[];
  /** How `callers` was found. By frame pointer it may skip callers: never in a headline. */
  readonly foundBy: 'unwinding' | 'return-address' | 'frame-pointer' | 'none';
  readonly samples: number;
}

/** Call sites since the sampling began, cumulative. */
export interface CallSites {
  /** Distinct ones, the most sampled first; bounded. */
  readonly sites: readonly CallSite[];
  /** Samples taken on each side, those of sites beyond the bound included. */
  readonly samples: { readonly kernel: number; readonly vdso: number };
  /** Records that the kernel dropped or that were cut off. */
  readonly lost: number;
  /** Present where samples of the 'vdso' side are of its time and not of its calls, since no breakpoint is hit. */
  readonly vdsoBy?: 'time';
  /** What could not be read of the target's code: names and callers may be missing, or assumed, for it. Absent: nothing. */
  readonly obstacles?: readonly Unavailable[];
}

/** Per-call nanoseconds of every batch of one call on one path, as timed in vdsotop's own process on this host. */
export interface TimingSample {
  readonly call: TimedCall;
  /** Clock id for clock_gettime; undefined for the other calls. */
  readonly clockId: number | undefined;
  readonly path: TimedPath;
  readonly cpu: number;
  readonly callsPerBatch: number;
  readonly perCallNs: readonly number[];
  /** True when our tracepoint programs were attached: a syscall price taken then is not the unwatched one. */
  readonly watched: boolean;
}

/** What vdsotop itself costs, cumulative since start. */
export interface OwnCost {
  /** CPU time of vdsotop, all its threads. */
  readonly cpuTimeNs: number;
  /** Part of it spent in the native sampler. */
  readonly samplerNs: number;
  readonly rssBytes: number;
  /**
   * What being counted adds to one clock syscall of the target, measured once by counting ourselves: price with our own
   * reads counted minus unwatched price.
   */
  readonly addedNsPerEntry: Reading<number>;
  /** Measured once, on ourselves: what one hit of a breakpoint takes from a thread. */
  readonly nsPerBreakpointHit: Reading<number>;
  /** The same of one sample of the CPU sampling. */
  readonly nsPerCpuSample: Reading<number>;
  /** Time that both probes have taken from the target's threads so far, as counted and priced; nanoseconds. */
  readonly probesNs: number;
}

export type SessionEventKind =
  | 'attached'
  | 'clocksource-switched'
  | 'target-exec'
  | 'target-ended'
  | 'clock-mode-changed'
  | 'kernel-log'
  | 'clock-stepped-back'
  | 'time-jumped'
  | 'throttled'
  | 'trigger'
  | 'gap'
  | 'reset';

/** Something that happened at a moment and explains a change. */
export interface SessionEvent {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly kind: SessionEventKind;
  readonly text: string;
}

/** Everything the collectors know at one moment. */
export interface Snapshot {
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Milliseconds since vdsotop attached, by a monotonic clock. */
  readonly elapsedMs: number;
  readonly host: HostFacts;
  readonly target: TargetFacts;
  readonly activity: Reading<TargetActivity>;
  readonly entries: Reading<EntryTotals>;
  readonly fastReads: Reading<FastReadWitness>;
  /** Windows of breakpoints that ended since the snapshot before. */
  readonly fastWindows: readonly FastWindow[];
  readonly cpuSamples: Reading<CpuSamples>;
  readonly callSites: Reading<CallSites>;
  readonly clockPage: Reading<ClockPage>;
  /** Samples taken since the snapshot before. */
  readonly timings: readonly TimingSample[];
  /** Prices taken before the counters were armed; anew after a switch of the clocksource, and else the same array. */
  readonly unwatched: readonly TimingSample[];
  readonly cost: OwnCost;
  /** All events so far, oldest first, bounded. */
  readonly events: readonly SessionEvent[];
  readonly ended: boolean;
  /** `elapsedMs` of the snapshot with which the window began: at attach, exec, another clocksource or a reset. */
  readonly sinceMs: number;
}

/** A stretch of watching to be judged. */
export interface Window {
  /** The snapshot at which the stretch begins; counters are differences from it. */
  readonly first: Snapshot;
  readonly last: Snapshot;
  /** Timing samples of the stretch. */
  readonly timings: readonly TimingSample[];
  /** Windows of breakpoints that ended in the stretch. */
  readonly fastWindows: readonly FastWindow[];
  /** Prices taken before the counters were armed: the only ones used for cost and what-if. */
  readonly unwatchedTimings: readonly TimingSample[];
  /** Seconds since attach or reset: at least the length of the stretch. */
  readonly watchedSeconds: number;
}

// --- Judgement ----------------------------------------------------------------------------------------------------

export type Layer = 'program' | 'libc' | 'vdso' | 'kernel' | 'clocksource' | 'machine';
export type FindingVerdict = 'confirmed' | 'likely' | 'possible' | 'ruled-out' | 'unknown';
export type Role = 'cause' | 'amplifier' | 'context';

export interface Evidence {
  readonly direction: 'supports' | 'contradicts';
  readonly strength: 'decisive' | 'strong' | 'weak';
  /** What was seen, one sentence, true as it stands. */
  readonly seen: string;
  /** Where: a path, a probe or a source. */
  readonly where: string;
}

/** A reading a rule lacked, and the command that would supply it. */
export interface Missing {
  readonly reading: string;
  readonly detail: string;
  readonly remedy?: string;
}

export interface Fix {
  readonly command: string;
  readonly effect: string;
  readonly risk: string;
  readonly reversible: boolean;
  /** The obvious fix that would not help here, and why. */
  readonly wouldNotHelp?: string;
}

/** A value with the interval it lies in. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Finding {
  /** Public, stable, kebab-case (DESIGN.md §2). */
  readonly id: string;
  readonly layer: Layer;
  readonly role: Role;
  readonly title: string;
  readonly verdict: FindingVerdict;
  /** Name of the clock it is about (as in ClockSummary.name); absent when it is about the whole target or host. */
  readonly clock?: string;
  /** Names of the clocks and functions whose reads it accounts for; empty where it does not hold, or is about none. */
  readonly covers: readonly string[];
  /** Ids of findings that this one follows from. */
  readonly because: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly missing: readonly Missing[];
  readonly fix?: Fix;
  /** Core share that the fix would save, where it can be computed. */
  readonly savesCoreShare?: Interval;
  readonly reference: string;
}

/** Spread of a price over its batches. A percentile of batch means is not a percentile of calls. */
export interface PriceNs {
  readonly p50: number;
  readonly p10: number;
  readonly p90: number;
  /** Of fewer than a hundred batches it is next to the dearest of them. */
  readonly p99: number;
  readonly batches: number;
  /** 'unwatched' prices were taken before our counters were armed; 'watched' ones pay for them. */
  readonly taken: 'unwatched' | 'watched';
}

export type ReadPath = 'vdso' | 'syscall' | 'vsyscall' | 'mixed' | 'none' | 'unknown';

export interface ClockSummary {
  readonly id: ClockSlot;
  /** Without CLOCK_: 'MONOTONIC', 'THREAD_CPUTIME_ID', 'CPU clock of a process', 'clock of a descriptor' … */
  readonly name: string;
  /** In the window. */
  readonly kernelEntries: Known<number>;
  readonly kernelEntriesPerSecond: Known<number>;
  readonly fastCallsPerSecond: Known<Interval>;
  /** vDSO calls of this clock that the witness caught; unavailable where it could not look. */
  readonly fastCallsSeen: Known<number>;
  readonly ns: { readonly [P in TimedPath]?: PriceNs };
  /** syscall p50 ÷ vdso p50, both unwatched; unavailable where either is. */
  readonly speedup: Known<number>;
  /**
   * Part of one core that reads of this clock cost: kernel entries at the unwatched price, and `fastCoreShare` where that
   * is known.
   */
  readonly coreShare: Known<Interval>;
  /** Part of one core that its vDSO calls take in the vDSO. */
  readonly fastCoreShare: Known<Interval>;
  /** One sentence where breakpoints and CPU sampling contradict each other; `fastCallsPerSecond` then holds both. */
  readonly probesDisagree?: string;
  /** The same as part of the CPU time the target burns. */
  readonly targetCpuShare: Known<number>;
  readonly path: ReadPath;
  /** Whether this host's vDSO serves the clock, as measured in our own process; unavailable where not timed. */
  readonly servedByVdso: Known<boolean>;
  /** 'slow' | 'fast' | 'idle' (no read seen) | 'unknown' (cannot see). */
  readonly verdict: 'slow' | 'fast' | 'idle' | 'unknown';
}

/** A time function that takes no clock id, or clock_getres: all that is said of a clock. `name` is 'gettimeofday()'. */
export interface FunctionSummary extends Omit<ClockSummary, 'id'> {
  readonly fn: EntryFunction;
}

export interface ThreadSummary {
  readonly tid: number;
  readonly name: string | undefined;
  readonly kernelEntriesPerSecond: number;
  /** Name of the clock (or function) this thread enters the kernel for most. */
  readonly mostly: string;
}

/** A place from which one kind of read comes, with its part of all samples of that kind and side. */
export interface CallSiteSummary extends Omit<CallSite, 'slot' | 'tid'> {
  /** Name of the clock or function, as in ClockSummary.name. */
  readonly clock: string;
  /** Part of the samples of this clock on this side. */
  readonly share: number;
  /** The threads it was sampled in, busiest first, at most ten. */
  readonly threads: readonly { readonly tid: number; readonly name?: string; readonly samples: number }[];
  /** 'ratelimit+0x3c in libfoo.so, by clock_gettime in libc.so.6' */
  readonly sentence: string;
}

export interface MappingSummary extends Mapping {
  /** What is unusual about it, one sentence; absent when nothing is. */
  readonly unusual?: string;
}

export interface Coverage {
  readonly windowSeconds: number;
  readonly watchedSeconds: number;
  readonly threads: Known<number>;
  /** Share of kernel entries that were counted: 1 for an exact counter, unavailable where nothing could be counted. */
  readonly entriesCounted: Known<number>;
  readonly method: Known<EntryTotals['method']>;
  /** Call-site samples of the window on each side, and records dropped; absent in reports that do not say. */
  readonly callSiteSamples?: Known<{ readonly kernel: number; readonly vdso: number; readonly lost: number }>;
  /** Whole sentence: "watched 14 s, all 37 threads, every entry counted". */
  readonly sentence: string;
}

export interface CostSummary {
  /** Part of one core that vdsotop uses. */
  readonly coreShare: number;
  readonly samplerCoreShare: number;
  readonly rssBytes: number;
  /** What counting adds to one clock syscall of the target: watched minus unwatched price, both measured here. */
  readonly addedNsPerEntry: Known<number>;
  /** The same on a syscall that is not a clock read, of any process on the host, while vdsotop watches. */
  readonly addedNsPerOtherSyscall: Known<number>;
  /** Part of one core that the breakpoints and the CPU sampling take from the target. */
  readonly probesCoreShare: Known<number>;
  /** Part of one core that the target pays for being counted: entries/s × addedNsPerEntry. */
  readonly targetCoreShare: Known<number>;
}

export interface Report {
  readonly schema: 1;
  readonly tool: { readonly name: 'vdsotop'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly window: { readonly seconds: number };
  readonly target: {
    readonly pid: number;
    readonly comm: Known<string>;
    readonly exe: Known<string>;
    readonly commandLine: Known<readonly string[]>;
    readonly uid: Known<number>;
    readonly bits: Known<32 | 64>;
    readonly linkage: Known<'static' | 'dynamic'>;
    readonly threads: Known<number>;
    /** CPU time burnt in the window, in cores. */
    readonly cpuCores: Known<number>;
    readonly children: Known<readonly ChildProcess[]>;
    readonly libc: Known<Libc>;
    readonly runtime: Known<Runtime>;
    readonly cgroup: Known<{ readonly path: string; readonly container?: string }>;
    readonly ended: boolean;
  };
  readonly host: {
    readonly hostname: Known<string>;
    readonly architecture: Known<string>;
    readonly kernel: Known<string>;
    readonly commandLine: Known<string>;
    readonly clocksource: Known<string>;
    readonly availableClocksources: Known<readonly string[]>;
    readonly hypervisor: Known<string>;
    readonly distribution: Known<string>;
    readonly machineModel: Known<string>;
    readonly cpuModel: Known<string>;
    readonly clockMode: Known<ClockPage['clockMode']>;
    readonly vdsoBuildId: Known<string>;
  };
  readonly verdict: 'slow' | 'fast' | 'unknown';
  /** True when the verdict is 'unknown' because no clock read was seen, not because reads cannot be seen. */
  readonly idle: boolean;
  readonly impact: {
    readonly coreShare: Known<number>;
    readonly targetCpuShare: Known<number>;
    /** Part of one core that the fast path takes, by CPU sampling. */
    readonly fastCoreShare: Known<Interval>;
    /** Part of one core sampled in the kernel's entry code and clock functions: a cross-check of `coreShare`. */
    readonly kernelSampledCoreShare: Known<Interval>;
    readonly level: Known<'none' | 'low' | 'high'>;
  };
  /** One sentence, true as it stands. */
  readonly headline: string;
  readonly clocks: readonly ClockSummary[];
  readonly functions: readonly FunctionSummary[];
  /** The ten busiest; empty when none entered, unavailable where entries are not counted or not laid to threads. */
  readonly threads: Known<readonly ThreadSummary[]>;
  /** Where reads come from, the most sampled first; unavailable where the probe for it is not permitted. */
  readonly callSites: Known<readonly CallSiteSummary[]>;
  readonly events: readonly SessionEvent[];
  /** Every finding, never one winner; confirmed causes first, then by what a fix would save. */
  readonly findings: readonly Finding[];
  readonly mappings: Known<readonly MappingSummary[]>;
  readonly sysinfoEhdr: Known<string>;
  readonly clockPage: Known<ClockPage>;
  /** What could not be read, each with its remedy: the capability state of this run. */
  readonly limits: readonly Missing[];
  readonly coverage: Coverage;
  readonly cost: CostSummary;
  /** Where it comes from, when it was judged anew from a capsule; absent while its target is watched. */
  readonly replayed?: ReplayedFrom;
}

/** The capsule that a report was made of, by the rules of the vdsotop that made the report. */
export interface ReplayedFrom {
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  /** Version of the vdsotop that saved it. */
  readonly savedBy: string;
  /** What a reader should know: other rules than when it was saved, what is hidden, what is missing; whole sentences. */
  readonly notes: readonly string[];
}

// --- Two stretches of watching compared ----------------------------------------------------------------------------------

/** Whether two values differ by more than noise: 'same' says how little could hide; else it cannot be told. */
export type DifferenceVerdict = 'changed' | 'same' | 'cannot-tell';

/** A value before and after, and what the difference is worth. */
export interface Change<T> {
  readonly before: Known<T>;
  readonly after: Known<T>;
  readonly verdict: DifferenceVerdict;
  /** Why it cannot be told, or what else is to be known of it: one sentence. */
  readonly reason?: string;
}

/** Of numbers: with the ratio of after to before and the limits it lies in, as far as noise lets tell. */
export interface NumberChange extends Change<number> {
  /** Prices: after what the host as a whole became faster or slower by was taken out. Absent where either is 0 or unknown. */
  readonly ratio?: Interval;
}

/** The price of one path before and after; p50 and p99 are of batch means, not of calls. */
export interface PriceChange {
  readonly path: TimedPath;
  /** Whether our counters were attached when both prices were taken; 'either' where that makes no difference. */
  readonly taken: 'unwatched' | 'watched' | 'either';
  readonly batches: { readonly before: number; readonly after: number };
  readonly p50: NumberChange;
  readonly p99: NumberChange;
}

/** One clock, or one time function without a clock id, in two stretches of watching. */
export interface ClockDifference {
  /** As in ClockSummary.name. */
  readonly name: string;
  /** 'changed' when anything of it did, 'same' when all that it is read by was told to be the same. */
  readonly verdict: DifferenceVerdict;
  readonly path: Change<ReadPath>;
  readonly kernelEntriesPerSecond: NumberChange;
  readonly fastCallsPerSecond: Change<Interval>;
  readonly prices: readonly PriceChange[];
  readonly coreShare: Change<Interval>;
}

/** A fact of host or target that is not what it was. It stands beside a change; it is not proved to be its cause. */
export interface EnvironmentChange {
  /** 'clocksource', 'kernel', 'libc' … */
  readonly what: string;
  readonly before: string;
  readonly after: string;
  /** What of the rows that changed it can bear upon; empty where nothing that it bears upon changed. */
  readonly bearsOn: readonly ChangedThing[];
}

export type ChangedThing = 'paths' | 'fast prices' | 'kernel prices' | 'rates';

/** A finding that holds on one side and not, or otherwise, on the other; 'absent': there was no such finding. */
export interface FindingChange {
  readonly id: string;
  readonly title: string;
  readonly clock?: string;
  readonly role: Role;
  readonly before: FindingVerdict | 'absent';
  readonly after: FindingVerdict | 'absent';
}

/** Where one side of a difference comes from. */
export interface DifferenceSide {
  /** A file's name, or 'pid 4711, live'. */
  readonly label: string;
  /** ISO 8601, UTC: the end of the stretch. */
  readonly at: string;
  readonly seconds: number;
  readonly pid: number;
  readonly comm: Known<string>;
  readonly verdict: Report['verdict'];
  readonly headline: string;
}

/** What changed from one stretch of watching to another: pure, and safe to serialise as JSON. */
export interface Difference {
  /** Number of this form. */
  readonly difference: 1;
  readonly tool: { readonly name: 'vdsotop'; readonly version: string };
  readonly before: DifferenceSide;
  readonly after: DifferenceSide;
  readonly verdict: DifferenceVerdict;
  /** Whether something that changed did so for the worse: dearer, by the kernel instead of the vDSO, a greater core share. */
  readonly worse: boolean;
  /** How many times as long everything took after that reads no clock: the speed of the host, which is taken out of prices. */
  readonly hostSlowdown: Known<Interval>;
  /** Clocks by id, then functions; the changed ones first. */
  readonly clocks: readonly ClockDifference[];
  /** The likeliest to bear upon what changed first. */
  readonly environment: readonly EnvironmentChange[];
  /** Facts that are not known on one side or both. */
  readonly notCompared: readonly string[];
  readonly findings: readonly FindingChange[];
}

// --- What a live screen is fed ------------------------------------------------------------------------------------

/** One step of the time axis of one clock. null is a gap: nothing was measured, which is not zero. */
export interface SeriesPoint {
  readonly atMs: number;
  readonly kernelEntriesPerSecond: number | null;
  readonly vdsoNs: number | null;
  readonly syscallNs: number | null;
}

export interface ClockSeries {
  readonly slot: ClockSlot;
  readonly points: readonly SeriesPoint[];
}

export type LiveState = 'measuring' | 'live' | 'paused' | 'ended';

/** What the screen shows at one moment: a Report and the series behind it. */
export interface Frame {
  readonly state: LiveState;
  /** Seconds the shown moment lies behind the newest one; 0 when live. */
  readonly behindSeconds: number;
  readonly intervalMs: number;
  readonly report: Report;
  readonly series: readonly ClockSeries[];
  /** Seconds since the target last read a clock as far as can be seen; undefined where it cannot be seen. */
  readonly idleSeconds: number | undefined;
  /** Where the moment shown lies in a capsule that is replayed; absent while a target is watched. */
  readonly replay?: ReplayMoment;
  /** From the baseline to the moment shown; absent while none is set. */
  readonly difference?: Difference;
}

/** Seconds since the first snapshot of a capsule, of so many. */
export interface ReplayMoment {
  readonly atSeconds: number;
  readonly ofSeconds: number;
}

/** perf trace's own count beside the exact one, and how much it slowed the target while it counted. */
export interface PerfTraceResult {
  readonly seconds: number;
  /** Calls as perf trace -s printed them, per function. */
  readonly perfTraceCalls: Readonly<Record<string, number>>;
  /** Exact entries of clock_gettime + gettimeofday around that time; unavailable where nothing counts exactly. */
  readonly exactCalls: Known<number>;
  /** Length of the stretch of `exactCalls`: perf's own seconds and those it takes to start and end. */
  readonly exactSeconds: number;
  /** Exact entries a second just before. */
  readonly before: Known<number>;
  /** Exact entries a second while perf trace ran. */
  readonly during: Known<number>;
}

// --- What is kept and handed on -----------------------------------------------------------------------------------

/** Who made a capsule, where, of what, and what was left out: enough to tell two apart without judging either. */
export interface CapsuleHeader {
  /** Number of the format; a reader refuses a higher one than it knows. */
  readonly capsule: 1;
  readonly tool: { readonly name: 'vdsotop'; readonly version: string };
  /** ISO 8601, UTC. */
  readonly savedAt: string;
  readonly kernel: Known<string>;
  readonly clocksource: Known<string>;
  readonly vdsoBuildId: Known<string>;
  readonly cpuModel: Known<string>;
  readonly hypervisor: Known<string>;
  readonly target: { readonly pid: number; readonly comm: Known<string>; readonly exe: Known<string> };
  /** What could not be read, each with its remedy: the capability state of that run. */
  readonly limits: readonly Missing[];
  readonly cost: CostSummary;
  readonly intervalMs: number;
  /** How vdsotop was called, for remedies that say to run it again. */
  readonly commandLine: string;
  /** What was taken out before it was kept, in words; empty where nothing was. */
  readonly hidden: readonly string[];
  /** `elapsedMs` of the snapshot that was looked at; absent: the last one. */
  readonly shownMs?: number;
}

/** What a session knew, on its own: kept in files and pictures, and judged again by whoever opens it. */
export interface Capsule {
  readonly header: CapsuleHeader;
  /** Oldest first, never empty. What did not change from one to the next is the same object. */
  readonly snapshots: readonly Snapshot[];
}

/** A recording under way, or one that had to end. */
export interface Recording {
  readonly path: string;
  /** Written so far. */
  readonly bytes: number;
  /** Why nothing more is written: 'No space left on device'. */
  readonly failure?: string;
}

/** What keys do outside the screen: files, the clipboard. The screen only calls, and shows what is answered. */
export interface Outlets {
  /** Begins or ends a recording; one sentence about it. */
  toggleRecording(): Promise<string>;
  /** Undefined when nothing is recorded. */
  recording(): Recording | undefined;
}

/** All the words the screen may say upstream. */
export interface LiveSession {
  /** Calls back whenever `frame()` would answer something new; returns the way to stop. */
  subscribe(onFrame: () => void): () => void;
  /** The frame to show; the same object until it changes. Undefined before the first. */
  frame(): Frame | undefined;
  pause(): void;
  resume(): void;
  /** Moves the shown moment by so many samples; pauses first. */
  step(samples: number): void;
  /** Moves the shown moment by so many seconds of what was watched; ±Infinity: to the oldest or newest. Pauses what is live. */
  jump(seconds: number): void;
  /** Starts the window, coverage and series anew. */
  reset(): void;
  setIntervalMs(intervalMs: number): void;
  /** Keeps the last ten seconds of the moment shown, with which every later frame is compared. */
  setBaseline(): void;
  /** Whether the target is calm enough for a perf trace without --force. */
  perfTraceAllowed(): boolean;
  /** Predicted stall of a perf trace of that length, in words, before it is allowed to run. */
  perfTraceWarning(seconds: number): string;
  perfTrace(seconds: number): Promise<Known<PerfTraceResult>>;
}
