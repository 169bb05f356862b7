import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAbsentFromKernel, parseFormat, readTracepoint } from '../../../src/collect/entries/tracepoints.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, runAsNobody, value } from '../processes.ts';

const format = `name: task_newtask
ID: 205
format:
\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;

\tfield:pid_t pid;\toffset:8;\tsize:4;\tsigned:1;
\tfield:char comm[16];\toffset:12;\tsize:16;\tsigned:0;
\tfield:__data_loc char[] name;\toffset:28;\tsize:4;\tsigned:0;
\tfield:struct __kernel_timespec * tp;\toffset:24;\tsize:8;\tsigned:0;
\tfield:u64 clone_flags;\toffset:32;\tsize:8;\tsigned:0;

print fmt: "pid=%d comm=%s", REC->pid, REC->comm
`;

describe('a tracepoint', () => {
  it('is read from the running kernel', () => {
    const { id, fields } = value(readTracepoint('syscalls/sys_enter_clock_gettime'));
    expect(id).toBeGreaterThan(0);
    expect(fields.get('which_clock')).toEqual({ offset: 16, sizeBytes: 8 });
  });

  it('has its fields where the format says, arrays and pointers too', () => {
    expect(Object.fromEntries(parseFormat(format))).toEqual({
      common_type: { offset: 0, sizeBytes: 2 },
      pid: { offset: 8, sizeBytes: 4 },
      comm: { offset: 12, sizeBytes: 16 },
      name: { offset: 28, sizeBytes: 4 },
      tp: { offset: 24, sizeBytes: 8 },
      clone_flags: { offset: 32, sizeBytes: 8 },
    });
  });

  it('is looked for below debugfs too', () => {
    const root = temporaryDirectory();
    mkdirSync(join(root, 'events/a/b'), { recursive: true });
    writeFileSync(join(root, 'events/a/b/id'), '77\n');
    writeFileSync(join(root, 'events/a/b/format'), format);
    expect(value(readTracepoint('a/b', ['/nowhere', root])).id).toBe(77);
  });

  it('may be missing from this kernel, which is another thing than a tracefs that is not mounted', () => {
    const missing = readTracepoint('syscalls/sys_enter_no_such_call');
    expect(missing).toMatchObject({ unavailable: 'absent', detail: expect.stringContaining('this kernel has no') });
    const unmounted = readTracepoint('syscalls/sys_enter_time', ['/nowhere', '/nowhere/else']);
    expect(unmounted).toEqual({
      unavailable: 'absent',
      detail: 'tracefs is not mounted',
      remedy: 'sudo mount -t tracefs tracefs /sys/kernel/tracing',
    });
    expect([missing, unmounted].map((one) => 'unavailable' in one && isAbsentFromKernel(one))).toEqual([true, false]);
  });

  it('is denied to an ordinary user', () => {
    const source = `
      import { readTracepoint } from '${collector('entries/tracepoints')}';
      console.log(JSON.stringify(readTracepoint('syscalls/sys_enter_time')));
    `;
    expect(runAsNobody(source)).toMatchObject({ unavailable: 'denied', detail: expect.stringContaining('EACCES') });
  });
});
