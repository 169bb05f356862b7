import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading, Unavailable } from '../../model/reading.ts';
import { readText } from '../read-file.ts';
import { available, errorText, isDenied, unavailable } from '../reading.ts';

/** A tracepoint as tracefs describes it: what perf_event_open calls it, and where its record's fields lie. */
export interface Tracepoint {
  readonly id: number;
  readonly fields: ReadonlyMap<string, { readonly offset: number; readonly sizeBytes: number }>;
}

/** Its own place since Linux 4.1; below debugfs where an older system mounts it there. */
const roots = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

/**
 * 'syscalls/sys_enter_time' → its id and fields. Absent: this kernel has no such tracepoint, or tracefs is not mounted
 * (it is never mounted from here). Denied: tracefs is for root.
 */
export function readTracepoint(event: string, searched: readonly string[] = roots): Reading<Tracepoint> {
  const answers = searched.map((root) => readBelow(root, event));
  return (
    answers.find((answer) => 'value' in answer) ?? mostTelling(answers.filter((answer) => 'unavailable' in answer))
  );
}

function readBelow(root: string, event: string): Reading<Tracepoint> {
  const directory = join(root, 'events', event);
  try {
    const id = Number(readText(join(directory, 'id')));
    if (!Number.isInteger(id) || id <= 0) return unavailable('failed', `${directory}/id is not a number`);
    return available({ id, fields: parseFormat(readText(join(directory, 'format'))) }, directory);
  } catch (error) {
    return failure(root, directory, errorText(error));
  }
}

function failure(root: string, directory: string, code: string): Unavailable {
  if (isDenied(code))
    return unavailable('denied', `reading ${directory}/id: ${code}; tracefs is readable by root only`);
  if (code !== 'ENOENT') return unavailable('failed', `reading ${directory}/id: ${code}`);
  if (existsSync(join(root, 'events'))) return unavailable('absent', `this kernel has no tracepoint ${directory}`);
  return unavailable('absent', 'tracefs is not mounted', 'sudo mount -t tracefs tracefs /sys/kernel/tracing');
}

/** A tracefs that is there and lacks the tracepoint says more than a place where none is mounted. */
function mostTelling(answers: readonly Unavailable[]): Unavailable {
  const told = answers.find(({ remedy }) => remedy === undefined);
  return told ?? answers[0] ?? unavailable('absent', 'no place to look for tracefs');
}

/** Documentation/trace/events.rst, "Event formats": one line per field, `field:TYPE NAME; offset:N; size:N; signed:N;`. */
export function parseFormat(format: string): Tracepoint['fields'] {
  const line = /^\s*field:.*?(\w+)(?:\[[^\]]*\])?;\s*offset:(\d+);\s*size:(\d+);/gm;
  return new Map(
    [...format.matchAll(line)].map(([, name = '', offset, size]) => [
      name,
      { offset: Number(offset), sizeBytes: Number(size) },
    ]),
  );
}

/** Whether the reason is that this kernel lacks the tracepoint, so that nothing can ever come that way. */
export function isAbsentFromKernel(reading: Unavailable): boolean {
  return reading.unavailable === 'absent' && reading.remedy === undefined;
}
