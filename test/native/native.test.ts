import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, expect, test } from 'vitest';
import { errnoName } from '../../src/native/errno-name.ts';
import { loadNativeLibrary } from '../../src/native/load-native-library.ts';
import { allocateStructs, decodeStruct, decodeStructs, encodeStructs } from '../../src/native/struct-bytes.ts';
import { structs } from '../../src/native/structs.ts';
import { nativeLibrary } from '../../src/native.ts';

const scratch = mkdtempSync(join(tmpdir(), 'vdsotop-native-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function compile(name: string, source: string, ...flags: readonly string[]): string {
  const path = join(scratch, name);
  writeFileSync(`${path}.c`, source);
  execFileSync('cc', ['-D_GNU_SOURCE', `-I${import.meta.dirname}/../../native`, ...flags, '-o', path, `${path}.c`]);
  return path;
}

test('a load failure names every path, why each failed, and what to do', () => {
  const missing = join(scratch, 'missing.so');
  const text = join(scratch, 'text.so');
  writeFileSync(text, 'not a library');
  const foreign = compile('foreign.so', 'int other(void) { return 1; }', '-shared', '-fPIC');
  const otherAbi = compile('other-abi.so', 'int vt_abi_version(void) { return 4711; }', '-shared', '-fPIC');
  const load = () => loadNativeLibrary([missing, text, foreign, otherAbi]);
  for (const path of [missing, text, foreign, otherAbi]) expect(load).toThrow(path);
  expect(load).toThrow(/missing\.so: ENOENT/);
  expect(load).toThrow(/text\.so: .*(invalid ELF header|file too short)/);
  expect(load).toThrow(/foreign\.so: .*vt_abi_version/);
  expect(load).toThrow(/other-abi\.so: its ABI version is 4711/);
  expect(load).toThrow(/npm run build/);
});

test('a library that is not the first of the paths is found', () => {
  const { path } = nativeLibrary();
  expect(loadNativeLibrary([join(scratch, 'missing.so'), path]).path).toBe(path);
});

test('VDSOTOP_NATIVE stands alone: a wrong one is not silently replaced', () => {
  const source = `${import.meta.dirname}/../../src/native.ts`;
  const script = `import(${JSON.stringify(source)}).then((native) => native.nativeLibrary())`;
  const env = { ...process.env, VDSOTOP_NATIVE: '/nowhere/libvdsotop.so' };
  const { status, stderr } = spawnSync(process.execPath, ['--eval', script], { env, encoding: 'utf8' });
  expect(status).not.toBe(0);
  expect(stderr).toContain('/nowhere/libvdsotop.so');
  expect(stderr).not.toContain('dist/libvdsotop.so');
});

test('every struct has the layout that C gives it', () => {
  const fields = Object.entries(structs).flatMap(([name, members]) =>
    Object.keys(members).map((field) => ({ name, field })),
  );
  const rows = fields.map(
    ({ name, field }) =>
      `printf("${name} %zu ${field} %zu\\n", sizeof(struct ${name}), offsetof(struct ${name}, ${field}));`,
  );
  const source = `#include <stdio.h>\n#include <stddef.h>\n#include "vdsotop.h"\n#include "entries.h"\n#include "call-samples.h"\n#include "cpu-samples.h"\nint main(void) { ${rows.join('\n')} }`;
  const fromC = execFileSync(compile('layout', source), { encoding: 'utf8' }).trim().split('\n');
  const ours = Object.entries(structs).flatMap(([name, members]) => {
    const layout = koffi.struct(members);
    const line = (field: string) => `${name} ${koffi.sizeof(layout)} ${field} ${koffi.offsetof(layout, field)}`;
    return Object.keys(members).map(line);
  });
  expect(ours).toEqual(fromC);
});

test('structs survive the way to bytes and back; 64-bit integers are numbers whatever their size', () => {
  const outs = [
    { next: 1, reserved: 0, spent_ns: 3, floor_ns: 0.25 },
    { next: 2, reserved: 0, spent_ns: 2 ** 52 + 1, floor_ns: 1e-3 },
  ];
  expect(decodeStructs('vt_sampler_out', encodeStructs('vt_sampler_out', outs), 2)).toEqual(outs);
  const symbol = { offset: 0x7fff_ffff_f000, name: '__vdso_clock_gettime' };
  expect(decodeStruct('vt_vdso_symbol', encodeStructs('vt_vdso_symbol', [symbol]))).toEqual(symbol);
});

test('a negative result has its errno as name', () => {
  expect(errnoName(nativeLibrary().vt_vdso_parse(new Uint8Array(8), 8, ...vdsoBuffers()))).toBe('EINVAL');
});

function vdsoBuffers(): [Uint8Array, Uint8Array, number] {
  return [allocateStructs('vt_vdso_image'), allocateStructs('vt_vdso_symbol', 4), 4];
}

test('calls on the worker thread run one at a time and leave the event loop free', async () => {
  const batch = { call: 0, clock_id: 2, path: 2, calls: 65_536 };
  const plan = encodeStructs('vt_batch', Array(64).fill(batch));
  const runNs = 4_000_000;
  const run = () => {
    const buffers = [allocateStructs('vt_batch_result', 64), allocateStructs('vt_sampler_out')] as const;
    return nativeLibrary().async.vt_sampler_run(plan, 64, 0, runNs, buffers[0], 64, buffers[1]);
  };
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const startedMs = performance.now();
  await Promise.all([run(), run(), run()]);
  clearInterval(timer);
  expect(performance.now() - startedMs).toBeGreaterThan((3 * runNs) / 1e6);
  expect(turns).toBeGreaterThan(1);
});
