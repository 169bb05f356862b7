import type { Reading } from '../model/reading.ts';
import type { Window } from '../model/snapshot.ts';
import type { ProgramFacts, TreeFacts, TreeProcess } from '../model/tree-facts.ts';
import { countEntries } from './counted-entries.ts';
import { enteringProcesses } from './entering-processes.ts';
import { isUnavailable, orElse } from './known.ts';

/**
 * The same window, with a target of which only that is known in which the processes of its tree do not differ: what holds
 * of one of them must not be said of all. One process stays as it is.
 */
export function withJointTarget(window: Window): Window {
  const { tree, target } = window.last;
  if (tree === undefined || tree.processes.length <= 1) return window;
  const living = tree.processes.filter(({ ended }) => ended !== true);
  const all: Asked = { tree, processes: living, unlisted: tree.processCount - living.length };
  const joint = {
    ...jointOf(all, ['bits', 'mappings', 'interposers', 'vdso', 'vdsoWritten']),
    ...jointOf(all, ['tracerPid', 'seccompMode', 'otherTimeNamespace']),
    ...jointOf(enteringOf(window, all), ['linkage', 'libc', 'runtime', 'sysinfoEhdr']),
  };
  return { ...window, last: { ...window.last, target: { ...target, ...joint } } };
}

/** Which processes are asked for a fact. */
interface Asked {
  readonly tree: TreeFacts;
  readonly processes: readonly TreeProcess[];
  /** Those that a snapshot has no room for. */
  readonly unlisted: number;
}

/** What tells why reads enter is asked of those whose reads do; where that is not known, of all, the ended ones too. */
function enteringOf(window: Window, all: Asked): Asked {
  const { tree } = all;
  const pids = enteringProcesses(window.last, countEntries(window));
  if (isUnavailable(pids)) return { ...all, processes: tree.processes };
  if (orElse(pids, new Set()).size === 0) return all;
  return { tree, processes: tree.processes.filter(({ pid }) => pids.has(pid)), unlisted: 0 };
}

function jointOf<F extends keyof ProgramFacts>(asked: Asked, fields: readonly F[]): Pick<ProgramFacts, F> {
  const { tree, processes, unlisted } = asked;
  const programs = [...new Set(processes.map(({ program }) => program))].flatMap((index) =>
    index === undefined ? [] : (tree.programs[index] ?? []),
  );
  const unknown = unlisted + processes.filter(({ program }) => program === undefined).length;
  const joint = fields.map((field) => [
    field,
    unknown > 0 ? notAll(unknown, unlisted + processes.length) : agree(programs, field),
  ]);
  return Object.fromEntries(joint) as Pick<ProgramFacts, F>;
}

function notAll(unknown: number, of: number) {
  const detail = `it is not known of ${unknown} of ${of} processes of the tree`;
  return { unavailable: 'unsupported', detail } as const;
}

function agree<F extends keyof ProgramFacts>(programs: readonly ProgramFacts[], field: F): Reading<unknown> {
  const [first, ...others] = programs.map((program): Reading<unknown> => program[field] ?? notRecorded);
  if (first === undefined) return { unavailable: 'absent', detail: 'no process of the tree is known' };
  const same = others.every((other) => sameness(field, other) === sameness(field, first));
  return same ? first : { unavailable: 'unsupported', detail: 'the processes of the tree differ in it' };
}

const notRecorded = { unavailable: 'absent', detail: 'the vdsotop that recorded this did not read it' } as const;

/** What must be equal for two readings to say the same; addresses are each process's own. */
function sameness(field: keyof ProgramFacts, reading: Reading<unknown>): string {
  if ('unavailable' in reading) return reading.unavailable;
  return JSON.stringify({ value: essences[field](reading.value as never) });
}

const essences: { readonly [F in keyof ProgramFacts]-?: (value: ValueOf<ProgramFacts[F]>) => unknown } = {
  bits: (bits) => bits,
  linkage: (linkage) => linkage,
  mappings: (mappings) => mappings.map(({ name, permissions }) => [name, permissions]).sort(),
  sysinfoEhdr: (address) => Number.parseInt(address, 16) === 0,
  libc: ({ name, version }) => [name, version],
  runtime: ({ name, version }) => [name, version],
  interposers: (interposers) => interposers,
  vdso: ({ image, sameAsOurs, differsAt }) => [image.buildId, sameAsOurs, differsAt],
  vdsoWritten: (written) => written,
  tracerPid: (pid) => pid,
  seccompMode: (mode) => mode,
  otherTimeNamespace: (other) => other,
};

type ValueOf<R> = R extends { readonly value: infer V } ? V : never;
