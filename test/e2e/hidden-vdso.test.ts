import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../programs/build.ts';
import { buildGo } from '../programs/build-go.ts';
import { reportOnProgram } from './report-on-program.ts';

const onX86 = process.arch === 'x64';

/** Go looks for this name: of a vDSO with another one it finds nothing, whatever its version. */
function withoutItsName(program: string): string {
  const bytes = readFileSync(program);
  const name = Buffer.from('__vdso_clock_gettime');
  for (let at = bytes.indexOf(name); at !== -1; at = bytes.indexOf(name, at + 1))
    bytes.write('__vdso_clock_gettimX', at);
  const changed = `${program}-without-its-name`;
  writeFileSync(changed, bytes, { mode: 0o755 });
  return changed;
}

describe.skipIf(!onX86)('a vDSO that is mapped and not found (x86-64 alone: hidden-vdso.c)', () => {
  it('is not laid to the version of a static glibc that uses it where it is told of it', async () => {
    const { findings, headline } = await reportOnProgram(buildProgram('hidden-vdso', ['-static', '-Wl,-e,hide_vdso']));
    const cause = findings.find(({ id }) => id === 'static-libc-without-vdso');
    expect(cause).toMatchObject({ verdict: 'confirmed', covers: ['MONOTONIC'] });
    expect(headline).toMatch(/; glibc linked into it does not ask the vDSO$/);
    expect(cause?.title).toBe('the libc linked into a static executable does not use the vDSO');
    // Of which version it is, a static glibc does not say.
    expect(cause?.fix?.command).toMatch(/; where it is linked so, find out what hides the vDSO from it$/);
  });

  it("is laid to musl, and not to the program, where musl's loader was started as a command and is the executable", async () => {
    const program = buildProgram('hidden-vdso', ['-Wl,-e,hide_vdso'], 'musl-gcc');
    const { findings, headline } = await reportOnProgram('/lib/ld-musl-x86_64.so.1', [program]);
    const verdicts = new Map(findings.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts.get('libc-bypasses-vdso')).toBe('confirmed');
    expect(verdicts.get('direct-syscall')).toBe('ruled-out');
    expect(headline).toMatch(/; musl [\d.]+ makes the system call without asking the vDSO$/);
  });

  it('is not laid to the version of a Go that finds it by itself', async () => {
    const { findings } = await reportOnProgram(withoutItsName(buildGo('go')));
    const cause = findings.find(({ id }) => id === 'runtime-bypasses-vdso');
    expect(cause).toMatchObject({ verdict: 'confirmed', covers: expect.arrayContaining(['MONOTONIC', 'REALTIME']) });
    expect(cause?.fix?.command).toMatch(/^find out what keeps the vDSO from it/);
    expect(cause?.fix?.wouldNotHelp).toMatch(/^a newer Go: this one looks the vDSO up by itself/);
  });
});
