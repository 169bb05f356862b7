import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { programWords } from '../../src/view/program-words.ts';
import { denied, healthyReport } from '../ui/frames.ts';

const words = (target: Partial<Report['target']>) =>
  programWords({ ...healthyReport, target: { ...healthyReport.target, ...target } });

describe('who the program is', () => {
  it('is its libc, how it is linked, its runtime and its container', () => {
    expect(
      words({
        runtime: { name: 'python', version: '3.11' },
        cgroup: { path: '/docker/abc', container: 'abc' },
      }),
    ).toBe('glibc 2.36, dynamic, Python 3.11, in container abc');
  });

  it('shows twelve digits of a container id', () => {
    expect(words({ cgroup: { path: '/', container: '0123456789abcdef'.repeat(4) } })).toContain(
      'container 0123456789ab',
    );
    expect(words({ cgroup: { path: '/', container: '0123456789abcdef'.repeat(4) } })).not.toContain('0123456789abc');
  });

  it('leaves out what it has not, and says what it cannot tell', () => {
    expect(words({ libc: { name: 'none' }, linkage: 'static', runtime: { name: 'go', version: '1.21.6' } })).toBe(
      'no libc, static, Go 1.21.6',
    );
    expect(words({ libc: denied, linkage: denied, runtime: denied, cgroup: denied })).toBe(
      'libc not known (denied), linkage not known (denied), runtime not known (denied), cgroup not known (denied)',
    );
    expect(words({ libc: { name: 'unknown' } })).toContain('libc not recognised');
  });
});
