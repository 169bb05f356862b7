import { readlinkSync } from 'node:fs';
import type { Reading } from '../../model/reading.ts';
import type { TargetFacts } from '../../model/target.ts';
import { cleanText } from '../clean-text.ts';
import { readInterposers } from '../program/interposers.ts';
import { readLibc } from '../program/libc.ts';
import { readRuntime } from '../program/runtime.ts';
import { readTargetVdso } from '../program/target-vdso.ts';
import { readVdsoWritten } from '../program/vdso-written.ts';
import { available, guarded, mapReading, unavailable } from '../reading.ts';
import { type AuxiliaryVector, readAuxv, sysinfoEhdrType } from './auxv.ts';
import { readCgroup } from './cgroup.ts';
import { readCommandLine } from './command-line.ts';
import { type Executable, readExecutable } from './executable.ts';
import { listChildren } from './list-children.ts';
import { type MappedFile, readMappedFiles } from './mapped-files.ts';
import { processDirectory } from './process-directory.ts';
import { processFailure } from './process-failure.ts';
import { type ProcessStat, readProcessStat } from './process-stat.ts';
import { readProcessStatus, statusNumbers } from './process-status.ts';
import { readMappings } from './read-mappings.ts';
import { readThreadFacts, type ThreadFacts } from './read-thread-facts.ts';
import { compareTimeNamespace } from './time-namespace.ts';

/** What is read once and serves several facts. */
interface Seen {
  readonly pid: number;
  /** Where the files about its memory are (see processDirectory). */
  readonly directory: string;
  readonly stat: Reading<ProcessStat>;
  readonly status: Reading<ReadonlyMap<string, string>>;
  readonly threads: ThreadFacts;
  readonly executable: Executable;
  readonly auxv: Reading<AuxiliaryVector>;
  readonly mappings: TargetFacts['mappings'];
  readonly files: Reading<readonly MappedFile[]>;
}

/** One collector a fact. */
const collectors: { readonly [F in Exclude<keyof TargetFacts, 'pid'>]: (seen: Seen) => NonNullable<TargetFacts[F]> } = {
  startTimeTicks: ({ stat }) => mapReading(stat, ({ startTimeTicks }) => startTimeTicks),
  comm: ({ stat }) => mapReading(stat, ({ comm }) => comm),
  exe: ({ directory }) => readExe(directory),
  commandLine: ({ directory }) => readCommandLine(directory),
  uid: ({ status }) => readStatusNumber(status, 'Uid', 1, '(effective)'),
  bits: ({ executable, auxv }) => readBits(executable, auxv),
  linkage: ({ executable }) => executable.linkage,
  mappings: ({ mappings }) => mappings,
  sysinfoEhdr: ({ auxv }) => mapReading(auxv, ({ entries }) => (entries.get(sysinfoEhdrType) ?? 0n).toString(16)),
  tracerPid: ({ threads }) => threads.tracerPid,
  seccompMode: ({ threads }) => threads.seccompMode,
  otherTimeNamespace: ({ directory }) => compareTimeNamespace(directory),
  libc: ({ directory, executable, files }) => readLibc(directory, executable.linkage, files),
  runtime: ({ directory, files }) => readRuntime(directory, files),
  interposers: ({ executable, ...seen }) => readInterposers({ ...seen, linkage: executable.linkage }),
  vdso: ({ directory, mappings }) => readTargetVdso(directory, mappings),
  vdsoWritten: ({ directory, mappings, auxv }) => readVdsoWritten(directory, mappings, auxv),
  cgroup: ({ directory }) => readCgroup(directory),
  namespacePid: ({ status }) => readStatusNumber(status, 'NSpid', -1, '(innermost)'),
  children: ({ pid, stat }) => readChildren(pid, stat),
};

/** What a process is. Never throws. For attach, exec and demand only: reading maps takes the target's mmap lock. */
export function collectTarget(pid: number): TargetFacts {
  const seen = look(pid);
  const facts = Object.entries(collectors).map(([name, read]) => [name, guarded<unknown>(name, () => read(seen))]);
  return { pid, ...(Object.fromEntries(facts) as Omit<TargetFacts, 'pid'>) };
}

function look(pid: number): Seen {
  const directory = processDirectory(pid);
  return {
    pid,
    directory,
    stat: readProcessStat(`/proc/${pid}`),
    status: readProcessStatus(`/proc/${pid}`),
    threads: readThreadFacts(pid),
    executable: readExecutable(directory),
    auxv: readAuxv(directory),
    mappings: readMappings(directory),
    files: readMappedFiles(directory),
  };
}

function readExe(directory: string): Reading<string> {
  const path = `${directory}/exe`;
  try {
    return available(cleanText(readlinkSync(path, 'buffer'), 1_024), path);
  } catch (error) {
    return processFailure(path, error);
  }
}

/** The number at `index` (negative: from the end) of a field that holds several. */
function readStatusNumber(
  status: Reading<ReadonlyMap<string, string>>,
  field: string,
  index: number,
  which: string,
): Reading<number> {
  if ('unavailable' in status) return status;
  const number = statusNumbers(status.value, field).at(index);
  return number === undefined
    ? unavailable('absent', `${status.source} has no ${field}`)
    : available(number, `${status.source} ${field} ${which}`);
}

/** An executable that could be read decides; the auxiliary vector of an x32 program is that of a 32-bit one. */
function readBits({ bits }: Executable, auxv: Reading<AuxiliaryVector>): Executable['bits'] {
  if ('value' in bits || bits.unavailable === 'unsupported') return bits;
  return 'value' in auxv ? available(auxv.value.bits, auxv.source) : bits;
}

function readChildren(pid: number, stat: Reading<ProcessStat>): TargetFacts['children'] {
  if ('unavailable' in stat) return stat;
  const children = listChildren(pid).flatMap((child) => {
    const childStat = readProcessStat(`/proc/${child}`);
    return 'value' in childStat ? [{ pid: child, comm: childStat.value.comm }] : [];
  });
  return available(children, `/proc/${pid}/task/*/children`);
}
