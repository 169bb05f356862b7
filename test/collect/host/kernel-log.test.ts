import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boundKernelLog } from '../../../src/collect/host/bound-kernel-log.ts';
import { collect, parseJournalLine, readKernelJournal } from '../../../src/collect/host/kernel-journal.ts';
import { collectKernelLog, judgeKernelLog, type RingContent } from '../../../src/collect/host/kernel-log.ts';
import { isAboutClocks } from '../../../src/collect/host/kernel-log-relevance.ts';
import { openKmsg, parseKmsgRecord } from '../../../src/collect/host/kmsg-reader.ts';
import { watchKernelLog } from '../../../src/collect/host/watch-kernel-log.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, compile, runAsNobody, value } from '../processes.ts';

const directory = temporaryDirectory();
const logAsKernel = (name: string) => execFileSync(compile(directory, 'kernel-line'), [name]);
const logAsProgram = (text: string) => writeFileSync('/dev/kmsg', text);

describe('the words that matter', () => {
  it.each([
    'tsc: Marking TSC unstable due to clocksource watchdog',
    "clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable because the skew is too large:",
    'clocksource: Marking clocksource tsc unstable due to inter CPU skew',
    "TSC found unstable after boot, most likely due to broken BIOS. Use 'tsc=unstable'.",
    'Measured 1234 cycles TSC warp between CPUs, turning off TSC clock.',
    'clocksource: Switched to clocksource hpet',
    'clocksource: Override clocksource tsc is unstable and not HRT compatible - cannot switch while in HRT/NOHZ mode',
    'xen: VDSO_CLOCKMODE_PVCLOCK not supported (tsc unstable)',
    "[Firmware Bug]: TSC doesn't count with P0 frequency!",
    'kvm-clock: Using msrs 4b564d01 and 4b564d00',
  ])('are in: %s', (text) => expect(isAboutClocks(text)).toBe(true));

  it.each([
    'EXT4-fs (vda): mounted filesystem',
    'mtscd: loaded',
    'tsc[123]: segfault at 0 ip 00005581 sp 00007ffd error 4 in tsc[5581+1000]',
    'traps: tsc unstable[77] general protection fault ip:1 sp:2 error:0',
    '\\x1b\\x1b\\x1b\\x1b\\x1b\\x1b\\x1b tsc[77]: segfault at 0 ip 00005581 sp 00007ffd error 4',
    "process '/tmp/Marking TSC unstable due to me/a' started with executable stack",
  ])('are not in: %s', (text) => expect(isAboutClocks(text)).toBe(false));
});

describe('/dev/kmsg', () => {
  it('is read as dmesg prints it', async () => {
    const lines = value(await collectKernelLog());
    const printed = execFileSync('dmesg', ['--facility=kern', '--notime'], { encoding: 'utf8' }).split('\n');
    expect(lines.length).toBeGreaterThan(0);
    // Long lines are kept cut, with an ellipsis for their end.
    const unprinted = lines.filter(({ text }) => !printed.some((line) => line.startsWith(text.replace(/…$/, ''))));
    expect(unprinted).toEqual([]);
    expect(lines.map(({ bootSeconds }) => bootSeconds)).toEqual(
      lines.map((line) => line.bootSeconds).toSorted((a, b) => a - b),
    );
  });

  it('tells the kernel from a program that writes there', () => {
    const kmsg = openKmsg();
    while (!kmsg.read(1_000).atEnd);
    logAsProgram('tsc: Marking TSC unstable due to mischief');
    logAsKernel('tsc-test0');
    const { records, atEnd } = kmsg.read(1_000);
    kmsg.close();
    expect(atEnd).toBe(true);
    expect(records.map(({ fromKernel, text }) => [fromKernel, text])).toEqual(
      expect.arrayContaining([
        [false, 'tsc: Marking TSC unstable due to mischief'],
        [true, 'tsc-test0: renamed from lo'],
      ]),
    );
  });

  it('is watched for what comes after, of the kernel and about clocks', () => {
    const watch = watchKernelLog();
    for (let i = 0; i < 100 && watch.poll().lines.length === 0; i += 1);
    logAsProgram('clocksource: nonsense');
    logAsKernel('other-test0');
    logAsKernel('tsc-test1');
    expect(watch.poll().lines.map(({ text }) => text)).toEqual(['tsc-test1: renamed from lo']);
    const nothing = { lines: [], lost: false };
    expect(watch.poll()).toEqual(nothing);
    watch.close();
    watch.close();
    expect(watch.poll()).toEqual(nothing);
  });

  it('is denied without CAP_SYSLOG exactly where dmesg_restrict says so', () => {
    const restricted = readFileSync('/proc/sys/kernel/dmesg_restrict', 'utf8') === '1\n';
    const reading = runAsNobody(
      `import { collectKernelLog } from ${JSON.stringify(collector('host/kernel-log'))};
      console.log(JSON.stringify(await collectKernelLog()));`,
    );
    const denied = {
      unavailable: 'denied',
      detail: expect.stringContaining('CAP_SYSLOG'),
      remedy: expect.stringMatching(/^sudo dmesg/),
    };
    expect(reading).toMatchObject(restricted ? denied : { value: expect.any(Array) });
  });

  it('has a format', () => {
    expect(parseKmsgRecord('6,339,5140900,-;NET: Registered protocol family 10\n SUBSYSTEM=net\n')).toEqual({
      sequence: 339,
      fromKernel: true,
      bootSeconds: 5.1409,
      text: 'NET: Registered protocol family 10',
    });
    expect(parseKmsgRecord('14,2,3,c,caller=T1;from a program')).toMatchObject({ fromKernel: false });
    expect(parseKmsgRecord('garbage')).toBeUndefined();
  });
});

describe('the journal', () => {
  const line = (text: string, seconds: number, facility = '0') =>
    JSON.stringify({ MESSAGE: text, SYSLOG_FACILITY: facility, _SOURCE_MONOTONIC_TIMESTAMP: String(seconds * 1e6) });
  async function* stream(...lines: readonly string[]) {
    yield* lines;
  }

  it('is whole when it begins with the first line of the kernel', async () => {
    const journal = await collect(
      stream(line('Linux version 6.12.0', 0), line('tsc: Detected 2596 MHz processor', 0.1), line('other', 1)),
    );
    expect(value(journal)).toEqual({
      fromBoot: true,
      untilBootSeconds: 1,
      lines: [{ bootSeconds: 0.1, text: 'tsc: Detected 2596 MHz processor' }],
    });
  });

  it('is in part when it begins later, and absent when it has nothing', async () => {
    expect(value(await collect(stream(line('usb 1-1', 900))))).toEqual({
      fromBoot: false,
      untilBootSeconds: 900,
      lines: [],
    });
    expect(await collect(stream('-- No entries --'))).toMatchObject({ unavailable: 'absent' });
  });

  it('is asked of the real journalctl, whatever that answers', async () => {
    const journal = await readKernelJournal();
    if ('value' in journal) expect(journal.value.lines.every(({ text }) => isAboutClocks(text))).toBe(true);
    else expect(journal.detail).toMatch(/^journalctl (-k -b has no kernel lines of this boot|is not installed)$/);
  });

  it('is absent where there is no journalctl', () => {
    const source = `process.env.PATH = '/nonexistent';
      const { readKernelJournal } = await import(${JSON.stringify(collector('host/kernel-journal'))});
      console.log(JSON.stringify(await readKernelJournal()));`;
    expect(runAsNobody(source)).toEqual({ unavailable: 'absent', detail: 'journalctl is not installed' });
  });

  it('leaves out what programs wrote, binary messages and broken lines', () => {
    expect(parseJournalLine(line('tsc unstable', 1, '3'))).toBeUndefined();
    expect(
      parseJournalLine('{"MESSAGE":[1,2],"SYSLOG_FACILITY":"0","_SOURCE_MONOTONIC_TIMESTAMP":"1"}'),
    ).toBeUndefined();
    for (const broken of ['', '{', 'null', '3', '[]']) expect(parseJournalLine(broken)).toBeUndefined();
  });
});

describe('one reading of both', () => {
  const unstable = { bootSeconds: 3_600, text: 'tsc: Marking TSC unstable due to clocksource watchdog' };
  const early = { bootSeconds: 0.1, text: 'tsc: Detected 2596.150 MHz processor' };
  const ring = (content: Partial<RingContent>) => ({
    value: { fromBoot: true, sinceBootSeconds: 0, lines: [], ...content },
    source: '/dev/kmsg',
  });
  const wrapped = { fromBoot: false, sinceBootSeconds: 3_000 };
  const journal = (fromBoot: boolean, ...lines: readonly (typeof early)[]) => ({
    value: { fromBoot, untilBootSeconds: 4_000, lines },
    source: 'j',
  });
  const none = { unavailable: 'absent', detail: 'no journal' } as const;

  it('says of a whole ring without such lines that there are none', () => {
    expect(judgeKernelLog(ring({}), undefined)).toEqual({ value: [], source: '/dev/kmsg, whole since boot' });
  });

  it('does not say so of a ring that has lost its beginning', () => {
    expect(judgeKernelLog(ring(wrapped), none)).toEqual({
      unavailable: 'absent',
      detail:
        'the ring buffer begins 3000 s after boot, and what is left of the kernel log says nothing of TSC or clocksources',
      remedy: "sudo journalctl -k -b | grep -iE 'tsc|clocksource'",
    });
    expect(judgeKernelLog(ring(wrapped), journal(false))).toMatchObject({ unavailable: 'absent' });
  });

  it('gives lines found in part of the log, and says that it is a part', () => {
    expect(judgeKernelLog(ring({ ...wrapped, lines: [unstable] }), none)).toEqual({
      value: [unstable],
      source: 'kernel log, in part: the ring buffer begins 3000 s after boot',
    });
  });

  it('completes the ring from a journal that is whole', () => {
    const both = judgeKernelLog(ring({ ...wrapped, lines: [unstable] }), journal(true, early, unstable));
    expect(both).toEqual({ value: [early, unstable], source: 'journalctl -k -b, whole since boot' });
    expect(value(judgeKernelLog(ring({ ...wrapped, lines: [unstable] }), journal(true, early)))).toEqual([
      early,
      unstable,
    ]);
    expect(judgeKernelLog(ring(wrapped), journal(true))).toMatchObject({ value: [] });
  });

  it('is not whole where the journal ends before the ring begins', () => {
    const stopped = { value: { fromBoot: true, untilBootSeconds: 100, lines: [early] }, source: 'j' };
    expect(judgeKernelLog(ring(wrapped), stopped)).toEqual({
      value: [early],
      source: 'kernel log, in part: the journal ends 100 s and the ring buffer begins 3000 s after boot',
    });
    const nothing = { ...stopped, value: { ...stopped.value, lines: [] } };
    expect(judgeKernelLog(ring(wrapped), nothing)).toMatchObject({ unavailable: 'absent' });
  });

  it('keeps the reason why the ring was not read, unless the journal is', () => {
    const denied = { unavailable: 'denied', detail: 'no CAP_SYSLOG' } as const;
    expect(judgeKernelLog(denied, none)).toBe(denied);
    expect(judgeKernelLog(denied, journal(true, early))).toMatchObject({ value: [early] });
    expect(judgeKernelLog(denied, journal(false))).toMatchObject({ unavailable: 'absent' });
  });

  it('bounds a flapping log and says what it left out', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => ({ bootSeconds: i, text: `tsc ${i}\x1b[31m` }));
    const { value: lines, source, cut } = boundKernelLog(many, '/dev/kmsg');
    expect(lines).toHaveLength(200);
    expect([lines[0]?.text, lines.at(-1)?.text]).toEqual(['tsc 0', 'tsc 999']);
    expect(source).toBe('/dev/kmsg');
    expect(cut).toEqual({ first: 50, last: 150, of: 1_000 });
    expect(boundKernelLog(many.slice(0, 200), '/dev/kmsg').cut).toBeUndefined();
  });
});
