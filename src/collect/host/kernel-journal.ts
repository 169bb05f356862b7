import type { KernelLogLine } from '../../model/host.ts';
import type { Reading } from '../../model/reading.ts';
import { atGivenPriority } from '../process/own-priority.ts';
import { available, errorText, unavailable } from '../reading.ts';
import { isAboutClocks } from './kernel-log-relevance.ts';

/** The kernel's lines of this boot as journald kept them. */
export interface KernelJournal {
  /** Whether it begins with the kernel's first line: journald too may have come late or thrown the beginning away. */
  readonly fromBoot: boolean;
  /** When its last line was written, about whatever: journald may have been stopped since. */
  readonly untilBootSeconds: number;
  readonly lines: readonly KernelLogLine[];
}

const command = ['journalctl', '-k', '-b', '--no-pager', '-o', 'json'] as const;
const fields = '--output-fields=MESSAGE,SYSLOG_FACILITY,_SOURCE_MONOTONIC_TIMESTAMP';
const timeoutMs = 10_000;

/** Asks journalctl, which takes some tenths of a second for a journal of gigabytes. Never throws. */
export async function readKernelJournal(): Promise<Reading<KernelJournal>> {
  try {
    const { execa } = await import('execa');
    const options = { timeout: timeoutMs, stdin: 'ignore', stderr: 'ignore', buffer: false } as const;
    const child = atGivenPriority(() => execa(command[0], [...command.slice(1), fields], options));
    return await collect(child.iterable({ from: 'stdout' }));
  } catch (error) {
    const code = errorText(error);
    if (code === 'ENOENT') return unavailable('absent', 'journalctl is not installed');
    return unavailable('failed', `journalctl -k -b: ${code}`);
  }
}

/** The first message on every architecture: start_kernel of init/main.c, or what arm64 prints before it. */
const firstMessage = /^(Linux version|Booting Linux on physical CPU) /;

/** Lines are JSON, one entry each (systemd.journal-fields(7)). */
export async function collect(lines: AsyncIterable<unknown>): Promise<Reading<KernelJournal>> {
  let fromBoot: boolean | undefined;
  let untilBootSeconds = 0;
  const kept: KernelLogLine[] = [];
  for await (const line of lines) {
    const entry = parseJournalLine(String(line));
    if (entry === undefined) continue;
    fromBoot ??= firstMessage.test(entry.text);
    untilBootSeconds = entry.bootSeconds;
    if (isAboutClocks(entry.text)) kept.push(entry);
  }
  if (fromBoot === undefined) return unavailable('absent', 'journalctl -k -b has no kernel lines of this boot');
  return available({ fromBoot, untilBootSeconds, lines: kept }, 'journalctl -k -b');
}

/** undefined for what is no entry of the kernel's: programs write to /dev/kmsg too, with a facility of their own. */
export function parseJournalLine(line: string): KernelLogLine | undefined {
  const entry = parseObject(line);
  const { MESSAGE: text, SYSLOG_FACILITY: facility, _SOURCE_MONOTONIC_TIMESTAMP: microseconds } = entry;
  if (typeof text !== 'string' || facility !== '0' || typeof microseconds !== 'string') return undefined;
  return { bootSeconds: Number(microseconds) / 1e6, text };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
