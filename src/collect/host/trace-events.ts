import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { readText } from '../read-file.ts';
import { available, errorText, isDenied, unavailable } from '../reading.ts';

const clockCalls = ['clock_gettime', 'clock_getres', 'gettimeofday', 'time', 'getcpu'];
const clockEvents = ['enter', 'exit'].flatMap((side) => clockCalls.map((call) => `sys_${side}_${call}`));
/** Of every system call, clock reads among them. */
const rawEvents = ['sys_enter', 'sys_exit'];
const files = [
  ...clockEvents.map((event) => `syscalls/${event}`),
  ...rawEvents.map((event) => `raw_syscalls/${event}`),
  'vsyscall/emulate_vsyscall',
];

/** Whether a tracepoint of this name is hit by clock reads. */
function isClockEvent(name: string): boolean {
  return clockEvents.includes(name) || rawEvents.includes(name) || name === 'emulate_vsyscall';
}

/** Of what a program hangs on: an event, or the kernel's function of a system call, as '__x64_sys_clock_gettime'. */
export function isClockHook(hook: string): boolean {
  return isClockEvent(hook.replace(/^(__\w+_)?sys_(?!enter|exit)/, 'sys_enter_'));
}

/** Its own place since Linux 4.1; below debugfs where an older system mounts it there. */
const roots = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'];

/**
 * The ftrace events on clock system calls that are switched on, in the top instance and the others: 'syscalls/sys_enter_time'
 * or '… in instance NAME'. perf and BPF use the same tracepoints without switching these on.
 */
export function readEnabledClockEvents(searched: readonly string[] = roots): Reading<readonly string[]> {
  const answers = searched.map(readRoot);
  const found = answers.find((answer) => 'value' in answer);
  const denied = answers.find((answer) => 'unavailable' in answer && answer.unavailable === 'denied');
  return found ?? denied ?? answers[0] ?? unavailable('absent', 'no place to look for tracefs');
}

function readRoot(root: string): Reading<readonly string[]> {
  try {
    readdirSync(join(root, 'events'));
    const instances = readdirSync(join(root, 'instances'));
    const names = instances.flatMap((instance) =>
      enabledIn(join(root, 'instances', instance)).map((event) => `${event} in instance ${cleanText(instance, 64)}`),
    );
    return available([...enabledIn(root), ...names], `${root}/events/*/*/enable`);
  } catch (error) {
    const code = errorText(error);
    if (isDenied(code)) return unavailable('denied', `reading ${root}: ${code}; tracefs is readable by root only`);
    if (code === 'ENOENT')
      return unavailable('absent', 'tracefs is not mounted', 'sudo mount -t tracefs tracefs /sys/kernel/tracing');
    return unavailable('failed', `reading ${root}: ${code}`);
  }
}

function enabledIn(directory: string): readonly string[] {
  return files.filter((file) => isOn(join(directory, 'events', file, 'enable')));
}

/** '1', or '1*' with a trigger; a kernel that lacks the event has no such file. */
function isOn(path: string): boolean {
  try {
    return readText(path).startsWith('1');
  } catch (error) {
    if (isDenied(errorText(error))) throw error;
    return false;
  }
}
