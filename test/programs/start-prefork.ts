import { type Started, start } from '../collect/processes.ts';
import { buildProgram } from './build.ts';

/** A master of test/programs/prefork.c, which says there what its words mean. */
export interface Prefork extends Started {
  /** Pids of the workers that it began with, in their order. */
  readonly workers: readonly number[];
  /** Has it do one thing more; the pid that it answers. */
  tell(line: string): Promise<number>;
}

export async function startPrefork(workers: readonly string[], flags: readonly string[] = []): Promise<Prefork> {
  const master = await start(buildProgram('prefork', flags), workers);
  const pids: number[] = [];
  for (const _ of workers) pids.push(Number(await master.line()));
  return {
    ...master,
    workers: pids,
    async tell(line) {
      master.child.stdin?.write(`${line}\n`);
      return Number(await master.line());
    },
  };
}
