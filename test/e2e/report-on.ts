import { expect } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { runVdsotop } from './run-vdsotop.ts';

/** What `vdsotop report` says of a target; it must succeed and print no error. */
export function reportOn(pid: number | string, args: readonly string[] = []): Report {
  const { output, error, status } = runVdsotop(['report', '-p', String(pid), '--json', ...args]);
  expect({ error, status }).toEqual({ error: '', status: 0 });
  return JSON.parse(output);
}
