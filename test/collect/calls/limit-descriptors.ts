import { start } from '../processes.ts';

/** Lets this process open nothing until `more` is called. */
export async function limitDescriptors(): Promise<{ more(): Promise<void> }> {
  const before = `$(prlimit --pid ${process.pid} --nofile --noheadings --output SOFT)`;
  const limit = (count: string) => `prlimit --pid ${process.pid} --nofile=${count}:`;
  const script = `before=${before}; ${limit('8')} && echo few; read -r _; ${limit('$before')} && echo many`;
  const shell = await start('sh', ['-c', script]);
  if ((await shell.line()) !== 'few') throw new Error('the limit could not be set');
  return {
    async more() {
      shell.child.stdin?.write('more\n');
      if ((await shell.line()) !== 'many') throw new Error('the limit could not be taken back');
    },
  };
}
