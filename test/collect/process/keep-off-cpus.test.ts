import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { keepOffCpusOf } from '../../../src/collect/process/keep-off-cpus.ts';
import { listThreads } from '../../../src/collect/process/list-threads.ts';
import { readProcessStatus } from '../../../src/collect/process/process-status.ts';
import { buildProgram } from '../../programs/build.ts';
import { start } from '../processes.ts';

const allowedTo = (directory: string) => {
  const status = readProcessStatus(directory);
  return 'value' in status ? status.value.get('Cpus_allowed_list') : undefined;
};
const ours = () => new Set(listThreads(process.pid).map((tid) => allowedTo(`/proc/self/task/${tid}`)));

describe('the CPUs of a target', () => {
  it.skipIf(cpus().length < 2)(
    'are left to it where it is confined to some, by every thread of ours, until taken back',
    async () => {
      const before = allowedTo('/proc/self');
      const program = await start(buildProgram('workload'), ['--rate', '100']);
      execFileSync('taskset', ['-a', '-c', '-p', '0', String(program.pid)]);
      const takeBack = keepOffCpusOf(program.pid);
      expect([...ours()].map((list) => list?.startsWith('0'))).toEqual([false]);
      takeBack();
      expect([...ours()]).toEqual([before]);
      await program.end();
    },
  );

  it('are shared where it may run on any', async () => {
    const before = allowedTo('/proc/self');
    const program = await start(buildProgram('workload'), ['--rate', '100']);
    keepOffCpusOf(program.pid);
    expect([...ours()]).toEqual([before]);
    await program.end();
  });

  it('are shared with one that is gone', () => {
    const before = allowedTo('/proc/self');
    keepOffCpusOf(4_194_303);
    expect([...ours()]).toEqual([before]);
  });
});
