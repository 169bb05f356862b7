import { describeClockSupport } from '../src/analysis/clock-support.ts';
import { orElse } from '../src/analysis/known.ts';
import type { Report } from '../src/model/report.ts';

/** A read in user space is many times as cheap as a system call, and one that is handed on is about as dear. */
const atLeastCheaper = 3;

/**
 * The clocks and functions whose times in a report of a healthy machine contradict what the tables say of its kernel,
 * one sentence each. By the times alone: what the report itself makes of them may come from the tables.
 */
export function mistimedClocks({ host, clocks, functions }: Report, machine: string): readonly string[] {
  const { rows } = describeClockSupport({ kernel: orElse(host.kernel, ''), machine });
  return rows.flatMap(({ name, expected }) => {
    const ns = [...clocks, ...functions].find((read) => read.name === name)?.ns;
    const [vdso, syscall] = [ns?.vdso ?? ns?.libc, ns?.syscall].map((price) => price?.p50);
    if (typeof expected !== 'boolean' || vdso === undefined || syscall === undefined) return [];
    const served = vdso * atLeastCheaper < syscall;
    return served === expected
      ? []
      : [
          `${name}: ${vdso} ns by the vDSO, ${syscall} ns by syscall, and the tables say ${expected ? 'served' : 'not'}`,
        ];
  });
}
