import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram } from '../../programs/build.ts';

export interface StrippedProgram {
  readonly path: string;
  /** Its symbols, which are not where anybody looks for them. */
  readonly debugFile: string;
  /** Hexadecimal; '' where it was built without. */
  readonly buildId: string;
}

const run = (program: string, ...args: readonly string[]) => execFileSync(program, args, { encoding: 'utf8' });

/** test/programs/call-chain.c, stripped into `directory` as distributions do; `linked` by .gnu_debuglink too. */
export function stripProgram(
  directory: string,
  flags: readonly string[] = ['-Wl,--build-id'],
  linked = false,
): StrippedProgram {
  const whole = buildProgram('call-chain', ['-fomit-frame-pointer', '-g', ...flags]);
  const [path, debugFile] = [join(directory, 'chain'), join(directory, 'kept.debug')];
  run('objcopy', '--only-keep-debug', whole, debugFile);
  copyFileSync(whole, path);
  run('strip', '--strip-all', path);
  if (linked) run('objcopy', `--add-gnu-debuglink=${debugFile}`, path);
  const buildId = /Build ID: (\S+)/.exec(run('readelf', '-n', path))?.[1] ?? '';
  return { path, debugFile, buildId };
}

/** '/usr/lib/debug/.build-id/5e/5540….debug' */
export function pathByBuildId({ buildId }: StrippedProgram): string {
  return `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
}

/** Puts the names of its functions into the stripped program, packed by xz, as rpm's find-debuginfo does. */
export function embedNames({ path, debugFile }: StrippedProgram, change = (packed: Buffer): Buffer => packed): void {
  const [names, packed] = [`${path}.names`, `${path}.names.xz`];
  run('objcopy', '--strip-all', '--remove-section=.comment', '--wildcard', '--keep-symbol=*', debugFile, names);
  run('xz', '--keep', names);
  writeFileSync(packed, change(readFileSync(packed)));
  run('objcopy', `--add-section=.gnu_debugdata=${packed}`, path);
  rmSync(names);
}
