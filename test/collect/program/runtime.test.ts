import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectTarget } from '../../../src/collect/process/target.ts';
import { runtimeClockPath } from '../../../src/collect/program/runtime-clock-path.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { compile, type Started, start, value } from '../processes.ts';

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const runtimeOf = ({ pid }: Started) => value(collectTarget(pid).runtime);

describe('the language runtime of a process', () => {
  it('is Go, of the version its build says, also stripped, and has no libc without cgo', async () => {
    const directory = temporaryDirectory();
    const source = join(import.meta.dirname, '..', '..', 'programs', 'now.go');
    const version = run('go', 'version').match(/go(\d[\w.]*)/)?.[1];
    const build = (name: string, cgo: string, ...flags: readonly string[]) => {
      const program = join(directory, name);
      const env = { ...process.env, CGO_ENABLED: cgo, GOCACHE: join(directory, 'cache'), GO111MODULE: 'off' };
      execFileSync('go', ['build', ...flags, '-o', program, source], { env, stdio: 'pipe' });
      return program;
    };
    for (const program of [build('plain', '1'), build('stripped', '0', '-ldflags=-s -w')]) {
      const process = await start(program);
      expect(runtimeOf(process)).toEqual({
        name: 'go',
        version,
        clockPath: expect.stringContaining('the vDSO up itself'),
      });
      expect(value(collectTarget(process.pid).libc)).toEqual({ name: 'none' });
      await process.end();
    }
  });

  it('is the Node that runs this test', async () => {
    const node = await start(process.execPath, ['-e', 'console.log("ready"); setInterval(() => {}, 1000)']);
    await node.line();
    expect(runtimeOf(node)).toMatchObject({ name: 'node', version: process.versions.node });
  });

  it('is Python', async () => {
    const python = await start('python3', ['-c', 'import time; print("ready", flush=True); time.sleep(99)']);
    await python.line();
    const version = run('python3', '-c', 'import platform; print(platform.python_version())');
    const { name, version: told = '', clockPath } = runtimeOf(python);
    expect(name).toBe('python');
    expect(version.startsWith(told)).toBe(true);
    expect(told).toMatch(/^3\.\d+/);
    expect(clockPath).toContain('thread_time');
  });

  it('is a JVM', async () => {
    const jvm = await start('java', [
      '-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0',
      '-Xmx32m',
      '-version',
    ]);
    await jvm.line();
    const { name, version = '', clockPath } = runtimeOf(jvm);
    expect(name).toBe('jvm');
    // java -version prints to stderr: openjdk version "17.0.15" …, and the build in the third line.
    expect(run('sh', '-c', 'java -version 2>&1')).toContain(`(build ${version}, `);
    expect(clockPath).toContain('nanoTime');
  });

  it('is Ruby', async () => {
    const ruby = await start('ruby', ['-e', 'puts "ready"; $stdout.flush; sleep']);
    await ruby.line();
    expect(runtimeOf(ruby)).toEqual({ name: 'ruby', version: run('ruby', '-e', 'print RUBY_VERSION') });
  });

  it('is Erlang, by the version of its emulator', async () => {
    const erlang = await start('erl', ['-noshell', '-eval', 'io:format("~s~n", [erlang:system_info(version)])']);
    const version = await erlang.line();
    expect(runtimeOf(erlang)).toEqual({ name: 'erlang', version });
  });

  it('is Rust where its compiler left its mark', async () => {
    const directory = temporaryDirectory();
    const program = compile(directory, 'wait');
    // .comment of rustup 1.93.1's own binary, as readelf -p shows it.
    const mark = join(directory, 'comment');
    writeFileSync(mark, 'GCC: (GNU) 9.5.0\0rustc version 1.93.1 (01f6ddf75 2026-02-11)\0');
    run('objcopy', '--update-section', `.comment=${mark}`, program);
    expect(runtimeOf(await start(program))).toMatchObject({ name: 'rust', version: '1.93.1' });
  });

  it('is Rust where its library names its files, though all else was stripped', async () => {
    const directory = temporaryDirectory();
    const source = join(directory, 'file-name.c');
    // As `strings` shows it in what rustc 1.93.1 compiled, stripped of .comment.
    const name = '/rustc/01f6ddf7588f42ae2d7eb0a2f21d44e8e96674cf/library/std/src/io/mod.rs';
    writeFileSync(source, `#include <stdio.h>\n#include <unistd.h>\nint main(void) { puts("${name}"); pause(); }\n`);
    run('gcc', '-o', `${source}.out`, source);
    run('strip', '-R', '.comment', `${source}.out`);
    expect(runtimeOf(await start(`${source}.out`))).toMatchObject({ name: 'rust', clockPath: expect.any(String) });
  });

  it('is none for a C program, and not known where even the sections are gone', async () => {
    const directory = temporaryDirectory();
    const program = compile(directory, 'wait');
    run('strip', '-R', '.comment', program);
    expect(runtimeOf(await start(program))).toEqual({ name: 'none' });
    const bytes = readFileSync(program);
    bytes.fill(0, 40, 48).fill(0, 58, 64);
    const bare = join(directory, 'bare');
    writeFileSync(bare, bytes, { mode: 0o755 });
    expect(collectTarget((await start(bare)).pid).runtime).toMatchObject({ unavailable: 'absent' });
  });

  it('is not believed of a name', async () => {
    const directory = temporaryDirectory();
    for (const name of ['python3', 'node', 'ruby']) {
      copyFileSync(compile(directory, 'wait'), join(directory, name));
      expect(runtimeOf(await start(join(directory, name)))).toEqual({ name: 'none' });
    }
  });
});

describe('what is known of a clock path', () => {
  const [x86_64, arm64] = [62, 183];

  it.each([
    ['1.21.5', true],
    ['1.13', true],
    ['1.22.0', false],
    ['1.22rc1', false],
    ['1.9', undefined],
    [undefined, undefined],
  ])('Go %s on arm64 uses the wrong hash: %s', (version, wrong) => {
    expect(runtimeClockPath('go', version, arm64)?.includes('wrong hash')).toBe(wrong);
  });

  it('does not tell of arm64 on x86-64, nor anything of a runtime without a row', () => {
    expect(runtimeClockPath('go', '1.19.8', x86_64)).not.toContain('arm64');
    expect(runtimeClockPath('ruby', '3.1.2', undefined)).toBeUndefined();
    expect(runtimeClockPath('none', undefined, undefined)).toBeUndefined();
  });
});
