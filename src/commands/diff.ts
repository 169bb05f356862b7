import { compareWatches } from '../analysis/diff/compare-watches.ts';
import type { Watch } from '../analysis/diff/watch.ts';
import { watchOf } from '../analysis/diff/watch-of.ts';
import { redactCapsule } from '../capsule/redaction.ts';
import type { Capsule } from '../model/capsule.ts';
import type { Difference } from '../model/difference.ts';
import { samplesKept } from '../session/samples-kept.ts';
import { formatSeconds } from '../view/format.ts';
import { printable } from '../view/printable.ts';
import { attach } from './attach.ts';
import { openReplay } from './open-replay.ts';
import type { WatchOptions } from './options.ts';
import { pickTarget } from './pick-target.ts';
import { printedJson } from './printed-json.ts';
import { exitCodes, UserError } from './user-error.ts';
import { version } from './version.ts';
import { watchFor } from './watch-for.ts';

export interface DiffOptions extends Omit<WatchOptions, 'pid'> {
  /** Processes to watch, in the order given. */
  readonly pid: readonly string[];
  /** Milliseconds for each of them. */
  readonly duration: number;
  readonly json: boolean;
  readonly markdown: boolean;
  readonly exitCode: boolean;
}

/** `vdsotop diff BEFORE AFTER`: files first, then what `-p` names; one process alone is watched twice. */
export async function diff(files: readonly string[], options: DiffOptions): Promise<void> {
  const [first, second] = sidesOf(files, options.pid);
  if (options.pid.length > 0) refuseMoreThanIsKept(options);
  const taken = [await takeSide(first, options), await takeSide(second, options)] as const;
  // What one side hides cannot be compared: it is hidden on the other too.
  const anyHidden = taken.some(({ capsule }) => capsule.header.hidden.length > 0);
  const [before, after] = taken.map(({ capsule, label }) =>
    toWatch(anyHidden ? redactCapsule(capsule) : capsule, label),
  );
  const difference = compareWatches(before as Watch, after as Watch, { version });
  process.stdout.write(`${await render(difference, options)}\n`);
  if (options.exitCode && difference.worse) process.exitCode = exitCodes.failed;
}

/** What is compared is each sample, and no more of them are kept: of an hour the last minutes alone would be. */
function refuseMoreThanIsKept({ duration, interval }: DiffOptions): void {
  const mostMs = samplesKept * interval;
  if (duration <= mostMs) return;
  const why = `diff compares the samples themselves, and keeps ${samplesKept} of a process`;
  const most = `${mostMs / 1_000}s at one each ${interval / 1_000}s`;
  throw new UserError(
    `-d ${duration / 1_000}s is too long: ${why}, ${most}; give a shorter -d or a longer -i`,
    exitCodes.usage,
  );
}

interface Taken {
  readonly capsule: Capsule;
  readonly label: string;
}

function toWatch({ header, snapshots }: Capsule, label: string): Watch {
  const { shownMs } = header;
  const watch = watchOf({ snapshots, ...(shownMs !== undefined && { shownMs }) }, label, { version });
  if (watch === undefined) throw new UserError(`${label} holds no snapshot to compare`, exitCodes.usage);
  return watch;
}

type Side = { readonly file: string } | { readonly target: string };

function sidesOf(files: readonly string[], targets: readonly string[]): readonly [Side, Side] {
  const [first, second, ...more]: readonly Side[] = [
    ...files.map((file) => ({ file })),
    ...targets.map((target) => ({ target })),
  ];
  if (first !== undefined && second !== undefined && more.length === 0) return [first, second];
  if (first !== undefined && 'target' in first && second === undefined) return [first, first];
  const given = files.length + targets.length;
  const hint = 'give two files, a file and -p PID, or -p PID alone to watch it twice';
  throw new UserError(`diff compares two things, and ${given} were given: ${hint}`, exitCodes.usage);
}

async function takeSide(side: Side, options: DiffOptions): Promise<Taken> {
  return 'file' in side ? openSide(side.file) : watchSide(side.target, options);
}

async function openSide(path: string): Promise<Taken> {
  const replay = await openReplay(path);
  const capsule = replay.capsule();
  replay.close();
  return { capsule, label: printable(path) };
}

async function watchSide(target: string, { pid: _, ...options }: DiffOptions): Promise<Taken> {
  const found = await pickTarget(target);
  if (found === undefined) throw new UserError('no process was picked to compare', exitCodes.usage);
  if (found.note !== undefined) process.stderr.write(`vdsotop: ${found.note}\n`);
  const session = attach(found.pid, options);
  try {
    await session.armed;
    process.stderr.write(`vdsotop: watching pid ${found.pid} for ${formatSeconds(options.duration / 1_000)}\n`);
    await watchFor(session, options.duration);
    const capsule = session.capsule();
    if (capsule === undefined)
      throw new UserError(`process ${found.pid} ended before it could be watched`, exitCodes.noProcess);
    return { capsule, label: `pid ${found.pid}, live` };
  } finally {
    session.close();
  }
}

async function render(difference: Difference, { json, markdown }: DiffOptions): Promise<string> {
  if (json) return printedJson(difference);
  if (markdown) {
    const { renderDifferenceMarkdown } = await import('../view/difference/difference-markdown.ts');
    return renderDifferenceMarkdown(difference).trimEnd();
  }
  const { renderDifferenceText } = await import('../view/difference/difference-text.ts');
  return renderDifferenceText(difference, 80);
}
