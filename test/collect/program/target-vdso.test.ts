import { describe, expect, it } from 'vitest';
import { readOwnVdso } from '../../../src/collect/host/own-vdso.ts';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { skipUnlessRuns } from '../../programs/skip-unless-runs.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector, compile, runAsNobody, start, until, value } from '../processes.ts';

const directory = temporaryDirectory();
const wait = compile(directory, 'wait');
const notRead = { unavailable: 'absent', detail: 'not read' };

describe("the target's own vDSO", () => {
  it('is ours, at its own address', async () => {
    const { pid } = await start(wait);
    const { vdso, vdsoWritten, sysinfoEhdr } = collectTarget(pid);
    const own = value(readOwnVdso());
    expect(value(vdso)).toEqual({
      image: { ...own, base: value(sysinfoEhdr) },
      sameAsOurs: true,
      differsAt: [],
    });
    expect(vdsoWritten).toEqual({ value: false, source: `/proc/${pid}/pagemap` });
  });

  it('is another one in a 32-bit process', async () => {
    skipUnlessRuns(['-m32']);
    const { pid } = await start(compile(directory, 'wait', ['-m32']));
    const target = collectTarget(pid);
    const { image, sameAsOurs } = value(target.vdso);
    expect(sameAsOurs).toBe(false);
    expect(value(target.vdsoWritten ?? notRead)).toBe(false);
    expect(image.symbols.map(({ name }) => name)).toContain('__kernel_vsyscall');
  });

  it('shows the byte that a debugger put there', async () => {
    const target = await start(wait);
    const before = value(collectTarget(target.pid).vdso);
    const { offset } = before.image.symbols.find(({ name }) => name.endsWith('clock_gettime')) ?? { offset: 0 };
    const address = `0x${(BigInt(`0x${before.image.base}`) + BigInt(offset)).toString(16)}`;
    const commands = ['set breakpoint always-inserted on', `break *${address}`, 'continue'];
    const options = ['-nx', '-q', '-p', String(target.pid), ...commands.flatMap((command) => ['-ex', command])];
    // gdb misses the source of libc and says so.
    const gdb = await start('sh', ['-c', 'exec gdb "$@" 2>/dev/null', 'gdb', ...options]);
    await until(() => !value(collectTarget(target.pid).vdso).sameAsOurs);
    const patched = collectTarget(target.pid);
    expect(value(patched.vdso)).toMatchObject({ sameAsOurs: false, differsAt: [offset] });
    expect(value(patched.vdsoWritten ?? notRead)).toBe(true);
    expect(value(patched.tracerPid)).toBe(gdb.pid);
    await gdb.end();
  });

  it('is absent under valgrind, which unmaps it', async () => {
    const valgrind = await start('valgrind', ['-q', wait]);
    await until(() => {
      const { vdso, mappings } = collectTarget(valgrind.pid);
      return (
        'unavailable' in vdso && vdso.unavailable === 'absent' && value(mappings).some(({ name }) => name === '[vvar]')
      );
    });
    const target = collectTarget(valgrind.pid);
    expect(target.vdso).toMatchObject({ unavailable: 'absent', detail: expect.stringContaining('[vdso]') });
    for (const fact of [target.interposers, target.runtime]) expect(fact).toMatchObject({ unavailable: 'unsupported' });
  });

  it('is denied to another user', async () => {
    const { pid } = await start(wait);
    const facts = runAsNobody(
      `import { collectTarget } from ${JSON.stringify(collector('process/target'))};
      const { libc, runtime, interposers, vdso, vdsoWritten } = collectTarget(${pid});
      console.log(JSON.stringify({ libc, runtime, interposers, vdso, vdsoWritten }));`,
    );
    for (const fact of Object.values(facts as object)) expect(fact).toMatchObject({ unavailable: 'denied' });
  });
});
