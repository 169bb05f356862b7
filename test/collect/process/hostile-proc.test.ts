import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCodeMappings } from '../../../src/collect/code-places/read-code-mappings.ts';
import { parseFormat } from '../../../src/collect/entries/tracepoints.ts';
import { boundKernelLog } from '../../../src/collect/host/bound-kernel-log.ts';
import { parseJournalLine } from '../../../src/collect/host/kernel-journal.ts';
import { isAboutClocks } from '../../../src/collect/host/kernel-log-relevance.ts';
import { parseKmsgRecord } from '../../../src/collect/host/kmsg-reader.ts';
import { parsePerfTrace } from '../../../src/collect/perf-trace.ts';
import { parseAuxv } from '../../../src/collect/process/auxv.ts';
import { readCgroup } from '../../../src/collect/process/cgroup.ts';
import { createCgroupThrottling } from '../../../src/collect/process/cgroup-throttling.ts';
import { readCommandLine } from '../../../src/collect/process/command-line.ts';
import { readMappedFiles } from '../../../src/collect/process/mapped-files.ts';
import { parseStat } from '../../../src/collect/process/process-stat.ts';
import { readProcessStatus, statusNumbers } from '../../../src/collect/process/process-status.ts';
import { readMappings } from '../../../src/collect/process/read-mappings.ts';
import { cpuMs } from '../../cpu-ms.ts';
import { fuzz, fuzzTimeoutMs } from '../../fuzz/fuzz.ts';
import { mutate } from '../../fuzz/mutate.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { value } from '../processes.ts';

const root = temporaryDirectory();
/** Its files stand for those of a process. */
const directory = join(root, 'proc/7');
mkdirSync(directory, { recursive: true });
mkdirSync(join(root, 'proc/self'));

/** Text of ours as the kernel writes it, for all of it that a process has a say in. */
const captured = (file: string) => readFileSync(`/proc/self/${file}`);
const unsafe = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029]/u;

function strings(found: unknown): readonly string[] {
  if (typeof found === 'string') return [found];
  if (typeof found !== 'object' || found === null) return [];
  return Object.values(found).flatMap(strings);
}

const safe = (found: unknown) => {
  for (const text of strings(found)) expect(text).not.toMatch(unsafe);
};

/** What is told of a file with this content; it may be anything but an exception, or text that a terminal obeys. */
const readers: Readonly<Record<string, { readonly capture: Buffer; readonly read: (content: Buffer) => void }>> = {
  stat: { capture: captured('stat'), read: (content) => safe(parseStat(content)?.comm) },
  auxv: { capture: captured('auxv'), read: (content) => void parseAuxv(content) },
  status: {
    capture: captured('status'),
    read: inFile('status', () => {
      const status = readProcessStatus(directory);
      for (const field of ['Uid', 'NSpid', 'Seccomp', 'TracerPid'])
        if ('value' in status) statusNumbers(status.value, field);
    }),
  },
  cmdline: { capture: captured('cmdline'), read: inFile('cmdline', () => safe(readCommandLine(directory))) },
  cgroup: {
    capture: Buffer.concat([captured('cgroup'), Buffer.from('3:cpu,cpuacct:/a/b\n1:name=systemd:/lxc/web\n0::/a/b\n')]),
    read: inFile('cgroup', () => {
      safe(readCgroup(directory));
      safe(createCgroupThrottling(7, { root }).poll());
    }),
  },
  maps: {
    capture: captured('maps'),
    read: inFile('maps', () => {
      safe(readMappings(directory));
      readCodeMappings(directory);
      const files = readMappedFiles(directory);
      safe('value' in files ? files.value.map(({ source }) => source) : files);
    }),
  },
};

function inFile(name: string, read: () => void) {
  return (content: Buffer): void => {
    writeFileSync(join(directory, name), content);
    read();
  };
}

writeFileSync(join(directory, 'statm'), captured('statm'));
writeFileSync(join(root, 'proc/self/mountinfo'), captured('mountinfo'));

describe('what /proc may say', () => {
  it.each(Object.keys(readers))(
    'is read or refused: %s',
    async (name) => {
      const { capture, read } = readers[name] as (typeof readers)[string];
      for (let end = 0; end <= Math.min(capture.length, 400); end += 1) read(capture.subarray(0, end));
      await fuzz(20, 400, (below) => mutate(capture, below), read);
    },
    fuzzTimeoutMs,
  );

  it(
    'so are the kernel log, the journal, formats of tracepoints and what perf prints',
    async () => {
      const kmsg = Buffer.from(
        '6,1023,5140900,-;tsc: Marking TSC unstable due to clocksource watchdog\n SUBSYSTEM=cpu\n',
      );
      const journal = Buffer.from(
        JSON.stringify({ MESSAGE: 'clocksource: x', SYSLOG_FACILITY: '0', _SOURCE_MONOTONIC_TIMESTAMP: '12345' }),
      );
      const format = Buffer.from(
        'format:\n\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n\tfield:const clockid_t which_clock;\toffset:16;\tsize:8;\tsigned:0;\n',
      );
      const trace = Buffer.from(' Summary of events:\n\n x (7), 12 events\n   clock_gettime      6000    0   12.3\n');
      await fuzz(
        21,
        2_000,
        (below) => mutate([kmsg, journal, format, trace][below(4)] ?? kmsg, below),
        (bytes) => {
          const text = bytes.toString('utf8');
          const lines = [parseKmsgRecord(text), parseJournalLine(text)].filter((line) => line !== undefined);
          safe(
            boundKernelLog(
              lines.filter((line) => isAboutClocks(line.text)),
              '/dev/kmsg',
            ),
          );
          parseFormat(text);
          safe(parsePerfTrace(text, { pid: process.pid, seconds: 1, command: 'perf trace' }));
        },
      );
    },
    fuzzTimeoutMs,
  );
});

describe('names in /proc', () => {
  it('hide no mapping: carriage returns and line separators are part of them', () => {
    const odd = 'a\rb\x85c\xe2\x80\xa8d e\tf';
    writeFileSync(
      join(directory, 'maps'),
      Buffer.from(`55550000-55551000 r-xp 00001000 fe:01 77                         /tmp/${odd}/libc.so.6\n`, 'latin1'),
    );
    expect(value(readCodeMappings(directory))).toMatchObject([{ name: `/tmp/${odd}/libc.so.6`, inode: '77' }]);
    expect(value(readMappedFiles(directory))).toMatchObject([{ name: `/tmp/${odd}/libc.so.6` }]);
  });

  it('of cgroups may hold a carriage return, and other letters than ASCII', () => {
    writeFileSync(join(directory, 'cgroup'), '0::/größe\r/x\n');
    expect(value(readCgroup(directory)).path).toBe('/größe /x');
  });

  it('take no time: sixty thousand mappings, an argument of NUL bytes', () => {
    const line = (index: number) =>
      `${(0x10000 + index * 0x2000).toString(16)}-${(0x11000 + index * 0x2000).toString(16)} r-xp 00000000 fe:01 ${index + 1} /\x1b]0;${'x'.repeat(80)}\r\\012${index}\n`;
    writeFileSync(join(directory, 'maps'), Array.from({ length: 60_000 }, (_, index) => line(index)).join(''));
    writeFileSync(join(directory, 'cmdline'), `a${'\0'.repeat(65_000)}b`);
    const tookMs = cpuMs(() => {
      expect(value(readCodeMappings(directory))).toHaveLength(60_000);
      expect(value(readMappedFiles(directory))).toHaveLength(2_048);
      expect(value(readMappings(directory))).toEqual([]);
    });
    expect(tookMs).toBeLessThan(2_000);
    const argumentsMs = cpuMs(() => expect(value(readCommandLine(directory))).toHaveLength(256));
    expect(argumentsMs).toBeLessThan(500);
  });
});
