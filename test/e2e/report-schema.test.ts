import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../scripts/docs/report-schema.ts';
import { stripProgram } from '../collect/code-places/stripped-program.ts';
import { buildProgram } from '../programs/build.ts';
import { skipUnlessRuns } from '../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { demoPath } from './programs.ts';
import { runVdsotop, runVdsotopAsync } from './run-vdsotop.ts';
import { startForTest } from './start-for-test.ts';

/** Real reports of real processes against the schema that is shipped, closed: no field that the types do not have. */
let validate: ValidateFunction;

beforeAll(() => {
  validate = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true }).compile(reportSchema({ closed: true }));
});

function errorsOf(output: string): unknown {
  return validate(JSON.parse(output)) ? [] : validate.errors;
}

describe('the report as JSON', () => {
  it('is as its schema says, of a target that reads slow and fast clocks', async () => {
    const { pid } = await startForTest(demoPath);
    expect(errorsOf(runVdsotop(['report', '-p', String(pid), '--json']).output)).toEqual([]);
  });

  it('is as its schema says of a stripped program, whose symbols it asks for', async () => {
    const { path, buildId } = stripProgram(temporaryDirectory());
    const { pid } = await startForTest(path, ['3', '100']);
    const { output } = runVdsotop(['report', '-p', String(pid), '--json']);
    expect(errorsOf(output)).toEqual([]);
    const { callSiteLimits, limits } = JSON.parse(output);
    expect(callSiteLimits).toEqual([
      {
        reading: 'names and callers of call sites',
        detail: `absent: ${path} is stripped of the names of its local functions, and no debug symbols of it are installed`,
        remedy: `install its debug symbols (package -dbgsym, -dbg or -debuginfo) of build id ${buildId}`,
      },
    ]);
    expect(limits).toEqual(expect.arrayContaining(callSiteLimits));
  });

  it('is as its schema says with its children counted', async () => {
    const { pid } = await startForTest('/bin/sh', ['-c', 'sleep 3 & wait']);
    const { output } = runVdsotop(['report', '-p', String(pid), '--json', '--children', '--duration', '500ms']);
    expect(errorsOf(output)).toEqual([]);
  });

  it('is as its schema says of a 32-bit target', async () => {
    skipUnlessRuns(['-m32']);
    const path = buildProgram('workload', ['-m32']);
    const { pid } = await startForTest(path, [
      '--clock',
      '0',
      '--path',
      'syscall',
      '--rate',
      '1000',
      '--seconds',
      '30',
    ]);
    const { output } = runVdsotop(['report', '-p', String(pid), '--json', '--duration', '500ms']);
    expect(errorsOf(output)).toEqual([]);
  });

  it('is as its schema says where hardly anything may be read', async () => {
    const { pid } = await startForTest(demoPath);
    const { output } = runVdsotop(['report', '-p', String(pid), '--json', '--duration', '500ms'], {
      uid: 65_534,
      gid: 65_534,
    });
    expect(errorsOf(output)).toEqual([]);
  });

  it('is as its schema says of a target that ends meanwhile', async () => {
    const { pid, process } = await startForTest(demoPath);
    const report = runVdsotopAsync(['report', '-p', String(pid), '--json', '--duration', '3s']);
    setTimeout(() => process.kill('SIGTERM'), 1_500);
    expect(errorsOf((await report).output)).toEqual([]);
  });

  it('is refused with a field that the schema does not know, or one of the wrong kind', async () => {
    const { pid } = await startForTest(demoPath);
    const report = JSON.parse(runVdsotop(['report', '-p', String(pid), '--json', '--duration', '500ms']).output);
    expect(validate({ ...report, surprise: 1 })).toBe(false);
    expect(validate({ ...report, clocks: [{ ...report.clocks[0], kernelEntries: null }] })).toBe(false);
  });
});
