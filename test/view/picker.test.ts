import { describe, expect, it } from 'vitest';
import type { ProcessRow } from '../../src/model/process-row.ts';
import { gridText, rowWidth } from '../../src/view/cells.ts';
import { busiestFirst, cpuShares, filterProcesses, movePick, pickedPid, pickerGrid } from '../../src/view/picker.ts';
import { hostileName } from '../ui/frames.ts';

const process = (pid: number, comm: string, commandLine = comm, cpuTicks = 0): ProcessRow => ({
  pid,
  comm,
  commandLine,
  uid: pid < 100 ? 0 : 33,
  user: pid < 100 ? 'root' : 'www-data',
  threads: 1,
  cpuTicks,
  startTimeTicks: pid,
});

const processes = [
  process(1, 'systemd', '/sbin/init'),
  process(120, 'nginx', 'nginx: master process'),
  process(121, 'nginx', 'nginx: worker process'),
  process(300, 'postgres', 'postgres: walwriter'),
];
const state = { filter: '', typing: false, selectedPid: undefined };

describe('the filter', () => {
  it('matches name, pid, user and command line, all words, in any case', () => {
    const pids = (filter: string) => filterProcesses(processes, filter).map(({ pid }) => pid);
    expect(pids('NGINX')).toEqual([120, 121]);
    expect(pids('nginx worker')).toEqual([121]);
    expect(pids('30')).toEqual([300]);
    expect(pids('root')).toEqual([1]);
    expect(pids('  ')).toEqual([1, 120, 121, 300]);
  });
});

describe('the choice', () => {
  it('is the first process until one is chosen, and the first match when the chosen one is filtered out', () => {
    expect(pickedPid(processes, state)).toBe(1);
    expect(pickedPid(processes, { ...state, selectedPid: 300, filter: 'nginx' })).toBe(120);
    expect(pickedPid(processes, { ...state, filter: 'no such' })).toBeUndefined();
  });

  it('moves among what the filter shows and stops at the ends', () => {
    const filtered = { ...state, filter: 'nginx' };
    expect(movePick(processes, filtered, 1)).toBe(121);
    expect(movePick(processes, { ...filtered, selectedPid: 121 }, 5)).toBe(121);
    expect(movePick(processes, filtered, Number.NEGATIVE_INFINITY)).toBe(120);
  });

  it('stays with the process when the list changes around it', () => {
    expect(pickedPid(processes.slice(1), { ...state, selectedPid: 121 })).toBe(121);
  });
});

describe('CPU use', () => {
  it('is the ticks burnt between two lists, a tick being 10 ms', () => {
    const before = [process(7, 'a', 'a', 100), process(8, 'b', 'b', 100)];
    const after = [process(7, 'a', 'a', 150), { ...process(8, 'b', 'b', 5), startTimeTicks: 99 }, process(9, 'c')];
    expect([...cpuShares(before, after, 2_000)]).toEqual([[7, 0.25]]);
  });
});

describe('the order', () => {
  it('has the busiest first and keeps to pids below a per cent', () => {
    const shares = new Map([
      [300, 0.5],
      [121, 0.004],
      [120, 0.002],
    ]);
    expect(busiestFirst(processes, shares).map(({ pid }) => pid)).toEqual([300, 1, 120, 121]);
    expect(busiestFirst(processes, new Map()).map(({ pid }) => pid)).toEqual([1, 120, 121, 300]);
  });
});

describe('the screen', () => {
  const show = (columns: number, rows: number, more: Partial<typeof state> = {}) =>
    pickerGrid({
      processes: [...processes, process(4_000_000, hostileName, `${hostileName} ${'x'.repeat(400)}`)],
      shares: new Map([[300, 0.5]]),
      state: { ...state, ...more },
      columns,
      rows,
    });

  it.each([
    [40, 8],
    [60, 15],
    [80, 24],
    [200, 60],
  ] as const)('fits %d × %d', (columns, rows) => {
    const grid = show(columns, rows);
    expect(grid.length).toBe(rows);
    expect(Math.max(...grid.map(rowWidth))).toBeLessThanOrEqual(columns);
    expect(gridText(grid).replaceAll('\n', '')).not.toMatch(/\p{C}/u);
  });

  it('shows pid, name, use and command, and the keys', () => {
    const text = gridText(show(100, 20));
    expect(text).toMatch(/300 postgres +www-data +1 +50 % +postgres: walwriter/);
    expect(text).toContain('Enter attach');
    expect(text).toMatch(/^> +1 systemd/m);
  });

  it('shows arguments rather than the folder of the program where both do not fit', () => {
    const long = [process(9, 'python3', '/opt/python/versions/3.11.7/bin/python3 serve.py --port 80')];
    const text = (columns: number) =>
      gridText(pickerGrid({ processes: long, shares: new Map(), state, columns, rows: 8 }));
    expect(text(90)).toContain(' python3 serve.py --port 80');
    expect(text(140)).toContain('/opt/python/versions/3.11.7/bin/python3 serve.py --port 80');
  });

  it('has a word for a process whose name shows nothing', () => {
    const unnamed = { processes: [process(9, '\u0007')], shares: new Map(), state, columns: 80, rows: 8 };
    expect(gridText(pickerGrid(unnamed))).toContain('9 (unnamed)');
  });

  it('shows the filter while it is typed, and that nothing matches', () => {
    expect(gridText(show(80, 10, { filter: 'ngi', typing: true }))).toContain('filter: ngi_');
    expect(gridText(show(80, 10, { filter: 'zzz' }))).toContain('no process matches');
  });
});
