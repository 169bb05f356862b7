import { expect, it } from 'vitest';
import { buildProgram } from '../programs/build.ts';
import { reportOnProgram } from './report-on-program.ts';

it('names the threads that are shown, of hundreds that enter the kernel as often as each other', async () => {
  const args = ['--path', 'syscall', '--clock', '1', '--rate', '100', '--threads', '240', '--seconds', '30'];
  const { threads } = await reportOnProgram(buildProgram('workload'), args);
  if ('unavailable' in threads) throw new Error(threads.detail);
  expect(threads).toHaveLength(10);
  expect(threads.filter(({ name }) => name === undefined)).toEqual([]);
});
