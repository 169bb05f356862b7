import type { Command } from 'commander';
import type { KeyBinding } from '../../src/view/keys.ts';
import { commandsOf } from './commands-of.ts';

/** man(7) source of vdsotop.1, with the FIELDS and OVERHEAD sections that tools of this kind have. */
export function manPage(program: Command, keys: readonly KeyBinding[]): string {
  const commands = commandsOf(program);
  return `${[
    '.TH VDSOTOP 1',
    section('NAME', ['vdsotop \\- show live what a process pays for reading the clock, and why']),
    section(
      'SYNOPSIS',
      commands.flatMap(({ usage }) => [`.B ${roff(usage)}`, '.br']),
    ),
    section('DESCRIPTION', [roff(program.description()), ...description.map(roff)]),
    section('OPTIONS', commands.flatMap(optionsOf)),
    section(
      'KEYS',
      keys.flatMap(({ label, help }) => item(label, help)),
    ),
    section(
      'FIELDS',
      fields.flatMap(([name, text]) => item(name, text)),
    ),
    section('OVERHEAD', overhead.map(roff)),
    section(
      'EXIT STATUS',
      exitStatus.flatMap(([code, text]) => item(code, text)),
    ),
    section('SIGNALS', signals.map(roff)),
    section('SEE ALSO', ['.BR vdso (7),', '.BR clock_gettime (2),', '.BR perf-trace (1)']),
  ].join('\n')}\n`;
}

const description = [
  'Clock reads are answered in user space by the vDSO in about 20 ns. When they are not, each is a system call. vdsotop counts those in the kernel, exactly and per clock id, prices every path on this host, and names the cause with its evidence.',
  'Without a terminal it prints one plain report after two seconds and exits.',
];

const fields: readonly (readonly [string, string])[] = [
  [
    'path',
    'how the target reads the clock: vdso, syscall, vsyscall, mixed; none when no read was seen, unknown when reads cannot be seen, or of those that were seen nothing tells the clock',
  ],
  ['kernel/s', 'times a second the target entered the kernel for this clock, counted; "≈" marks what is not exact'],
  [
    'vDSO/s',
    'calls a second that stay in user space, an estimate; "<" before an upper limit where none was seen, two limits where the upper one is three times the estimate or more and nothing beside it tells them',
  ],
  ['from–to', 'where that estimate lies, 19 times in 20'],
  [
    'vDSO, syscall',
    'median nanoseconds per call on that path, timed in vdsotop on this host; a system call before counting began, or with "*" while it is counted',
  ],
  ['core', 'part of one core that its reads cost: entries at the unwatched price, and the fast path as sampled'],
  ['of CPU', 'the same as part of the CPU time the target burns'],
];

const overhead = [
  'A counted clock system call of the target pays for a BPF program; the screen states how much, as measured at start on this host. Every other clock system call on the host pays about as much, other system calls less. A vDSO call pays when it meets a breakpoint, armed for moments and on four threads at most, or a CPU sample; --fast-calls bounds both together. docs/benchmarks.md has the figures.',
];

const exitStatus: readonly (readonly [string, string])[] = [
  ['0', 'ok'],
  ['2', 'usage'],
  ['3', 'no such process, or it ended'],
  [
    '4',
    'permission: a file may not be read or written, or the process is hidden; a report whose readings are denied ends with 0, its limits say so',
  ],
  ['5', 'unsupported'],
  ['6', 'something changed for the worse, where diff --exit-code asked'],
  ['128+n', 'ended by signal n'],
];

const signals = [
  'Where there is no screen, SIGINT, SIGTERM and SIGHUP end report and snapshot with what was seen so far. Under -- command they go to the command (SIGINT not while it is in the foreground of a terminal, whose Ctrl-C reaches it anyway), and the report follows its end; the exit status is that of the command. A second SIGINT or SIGTERM ends vdsotop at once.',
];

function optionsOf({ usage, options }: ReturnType<typeof commandsOf>[number]): readonly string[] {
  if (options.length === 0) return [];
  return [`.SS ${roff(usage)}`, ...options.flatMap(({ flags, text }) => item(flags, text))];
}

const section = (title: string, lines: readonly string[]) => [`.SH ${title}`, ...lines].join('\n');
const item = (term: string, text: string) => ['.TP', `.B ${roff(term)}`, roff(text)];

/** Backslashes and hyphens mean something to roff, and so does a dot or quote that begins a line. */
function roff(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/^([.'])/, '\\&$1');
}
