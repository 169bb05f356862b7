import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { gridText } from '../../src/view/cells.ts';
import { eventRows, eventsInFull } from '../../src/view/events.ts';
import { helpRows } from '../../src/view/help.ts';
import { keyTable } from '../../src/view/keys.ts';
import { mappingRows } from '../../src/view/mappings.ts';
import { panel } from '../../src/view/panel.ts';
import { threadRows } from '../../src/view/threads.ts';
import { clockStatuses, findingStatuses, reportStatuses } from '../../src/view/tones.ts';
import { demoReport, deniedReport, healthyReport } from '../ui/frames.ts';

describe('threads', () => {
  it('shows id, name, rate and the clock most entered for', () => {
    expect(gridText(threadRows(demoReport, 60))).toMatch(/4713 cputime +100 k {2}THREAD_CPUTIME_ID/);
  });

  it('tells none from cannot see', () => {
    expect(gridText(threadRows(healthyReport, 60))).toContain('no thread entered the kernel');
    expect(gridText(threadRows(deniedReport, 60))).toContain('are not counted');
  });

  it('does not deny what a counter that is not exact may have missed', () => {
    const missed = { ...healthyReport, coverage: { ...healthyReport.coverage, entriesCounted: 0.9 } };
    expect(gridText(threadRows(missed, 60))).toContain('no thread was counted entering the kernel');
  });

  it('does not deny entries that a counter cannot lay to threads', () => {
    const text = gridText(
      threadRows({ ...demoReport, threads: { unavailable: 'unsupported', detail: 'not laid to threads' } }, 60),
    );
    expect(text).toContain('not laid to threads');
    expect(text).not.toContain('no thread');
  });

  it('calls no thread gone whose name was not read', () => {
    const thread = { tid: 4713, kernelEntriesPerSecond: 100_000, mostly: 'time' };
    const nameless = [{ ...thread, name: undefined }];
    expect(gridText(threadRows({ ...demoReport, threads: nameless }, 60))).toMatch(/4713 \? +100 k/);
  });
});

describe('mappings', () => {
  it('shows address, permissions and size of each', () => {
    const text = gridText(mappingRows(demoReport, 80));
    expect(text).toMatch(/\[vdso\] +7ffc1a3f8000–7ffc1a3fa000 +r-xp +8 KiB/);
    expect(text).toContain('AT_SYSINFO_EHDR  7ffc1a3f8000');
  });

  it('says that [vdso] is not mapped, which is not the same as not readable', () => {
    const unmapped: Report = { ...healthyReport, mappings: [], sysinfoEhdr: '0' };
    const text = gridText(mappingRows(unmapped, 80));
    expect(text).toMatch(/\[vdso\] +not mapped in the target/);
    expect(text).toContain('AT_SYSINFO_EHDR  none');
    expect(gridText(mappingRows(deniedReport, 80))).toContain('cannot be read: open /proc/4711/maps: EACCES');
  });

  it('says what is unusual about one', () => {
    const mappings = [
      { name: '[vdso]', start: '1', end: '2', permissions: 'rwxp', sizeBytes: 8_192, unusual: 'it is writable' },
    ] as const;
    expect(gridText(mappingRows({ ...healthyReport, mappings }, 80))).toContain('! it is writable');
  });
});

describe('events', () => {
  it('stand newest first with their time', () => {
    expect(gridText(eventRows(demoReport, 80)).split('\n')).toEqual([
      ' 03:12:38  clocksource: Switched to clocksource tsc',
      ' 03:12:30  attached to vdsotop-demo (pid 4711)',
    ]);
  });
});

describe('events in full', () => {
  it('has all of what a line of the panel cuts off', () => {
    const text = 'no sample for 2.7 s: vdsotop waited 1.6 s of it for a CPU; it may all be late';
    const report = { ...demoReport, events: [{ ...demoReport.events[0], text }] as typeof demoReport.events };
    expect(gridText(eventRows(report, 60))).toContain('…');
    expect(gridText(eventsInFull(report, 60)).replace(/\s+/g, ' ')).toContain(text);
  });
});

describe('help', () => {
  it.each([60, 80, 120, 200])('explains every key on %d columns', (width) => {
    const text = gridText(helpRows(0, [], width));
    for (const { help, label } of keyTable) {
      expect(text).toContain(label);
      expect(text).toContain(help);
    }
  });

  it('explains every column of the clock table that is not a spread or a name', () => {
    const text = gridText(helpRows(1, [], 80));
    for (const column of ['path', 'vDSO/s', 'from–to', 'kernel/s', 'vDSO', 'syscall', 'core', 'of CPU', '60 s'])
      expect(text).toContain(column);
  });

  it('explains every mark, verdict and cause on the second page', () => {
    const text = gridText(helpRows(1, [{ id: 'vdso-disabled', title: 'The kernel was started with vdso=0' }], 80));
    for (const { meaning } of [...Object.values(clockStatuses), ...Object.values(findingStatuses)])
      expect(text).toContain(meaning);
    expect(text).toContain('vdso-disabled');
    expect(text).toContain('The kernel was started with vdso=0');
  });
});

describe('statuses', () => {
  it.each([
    ['clocks', clockStatuses],
    ['reports', reportStatuses],
    ['findings', findingStatuses],
  ] as const)('of %s differ in word, not only in colour', (_name, statuses) => {
    const words = Object.values(statuses).map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
  });

  it('of clocks differ in their one-column mark too', () => {
    const marks = Object.values(clockStatuses).map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(marks.length);
    expect(marks.every((mark) => /^[\x20-\x7e]$/.test(mark))).toBe(true);
  });
});

describe('a panel', () => {
  const body = Array.from({ length: 10 }, (_, index) => [{ text: `row ${index}`, tone: 'plain' } as const]);
  const frame = {
    title: 'list',
    notes: ['a note that is long', 'short'],
    focused: false,
    width: 30,
    height: 5,
    scroll: 0,
  };

  it('says which part of a longer text it shows', () => {
    const { rows, scrollMost } = panel({ ...frame, scroll: 3 }, body);
    expect([rows.length, scrollMost]).toEqual([5, 6]);
    expect(gridText(rows)).toContain('4–7 of 10');
    expect(gridText(rows)).toContain('row 3');
  });

  it('stops scrolling at the end', () =>
    expect(gridText(panel({ ...frame, scroll: 99 }, body).rows)).toContain('row 9'));

  it('says the longest note that fits', () => {
    expect(gridText(panel({ ...frame, width: 40 }, []).rows)).toContain('─ a note that is long ─');
    expect(gridText(panel({ ...frame, width: 20 }, []).rows)).toContain('─ short ─');
  });
});
