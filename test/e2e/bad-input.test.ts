import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runVdsotop } from './run-vdsotop.ts';

/** Every case: one line on standard error that says what, why and what to do; nothing on standard output; the code. */
const cases = [
  { what: 'a pid that does not exist', args: ['-p', '4194303'], code: 3, says: /4194303/ },
  { what: 'a name that nothing has', args: ['-p', 'no-such-name-here'], code: 3, says: /no-such-name-here/ },
  { what: 'pid 0', args: ['-p', '0'], code: 2, says: /\b0\b/ },
  { what: 'a negative number', args: ['-p', '-5'], code: 2, says: /-5/ },
  { what: 'an unknown flag', args: ['--frobnicate'], code: 2, says: /--frobnicate.*see vdsotop --help/ },
  {
    what: 'an interval that is none',
    args: ['-p', '1', '--interval', 'soon'],
    code: 2,
    says: /--interval 'soon'.*expected/,
  },
  {
    what: 'an interval out of bounds',
    args: ['-p', '1', '--interval', '1ms'],
    code: 2,
    says: /^vdsotop: --interval '1ms' cannot be used: expected from 100 ms/,
  },
  { what: 'a flag with a letter too many', args: ['--pidd', '1'], code: 2, says: /--pidd' \(Did you mean --pid\?\);/ },
  { what: 'an option before demo', args: ['-i', '1s', 'demo'], code: 2, says: /as in vdsotop demo --interval/ },
  { what: 'a pid before demo', args: ['-p', '1', 'demo'], code: 2, says: /leave -p out/ },
  {
    what: 'an unknown set of symbols',
    args: ['-p', '1', '--symbols', 'runes'],
    code: 2,
    says: /are braille, block, ascii; see/,
  },
  { what: 'a stray argument', args: ['1234'], code: 2, says: /'1234'.*vdsotop -p 1234/ },
  {
    what: 'a command for one report',
    args: ['report', '--', 'true'],
    code: 2,
    says: /start and watch .* vdsotop -- COMMAND/,
  },
  { what: 'a stray argument before a command', args: ['true', '--', 'true'], code: 2, says: /'true'.*-- true/ },
  { what: 'a process and a command', args: ['-p', '1', '--', 'true'], code: 2, says: /give one of them$/m },
  { what: 'no target and no terminal', args: [], code: 2, says: /-p PID/ },
  { what: 'a report without a target', args: ['report'], code: 2, says: /-p PID/ },
] as const;

describe('bad input', () => {
  it.each(cases)('$what: one clear line, exit $code', ({ args, code, says }) => {
    const { status, output, error } = runVdsotop(args);
    expect(error).toMatch(says);
    expect(error.trimEnd().split('\n')).toHaveLength(1);
    expect(error).toMatch(/^vdsotop: /);
    expect(output).toBe('');
    expect(status).toBe(code);
  });

  it('a kernel thread has no user space to watch: exit 5', ({ skip }) => {
    const kernelThread = readdirSync('/proc').find((name) => /^\d+$/.test(name) && isKernelThread(name));
    skip(kernelThread === undefined, 'no kernel thread is visible in this PID namespace');
    const { status, error } = runVdsotop(['-p', kernelThread ?? '']);
    expect(error).toMatch(/kernel thread/);
    expect(status).toBe(5);
  });

  it('a zombie has ended: exit 3', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const zombie = await new Promise<string>((resolve) =>
        parent.stdout.once('data', (data) => resolve(String(data).trim())),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(readFileSync(`/proc/${zombie}/stat`, 'utf8')).toMatch(/\) Z /);
      const { status, error } = runVdsotop(['-p', zombie]);
      expect(error).toMatch(/zombie|ended/);
      expect(status).toBe(3);
    } finally {
      parent.kill();
    }
  });

  it('its own pid: exit 2, because every read it saw would be its own', () => {
    const script = `exec "$0" -p $$`;
    const result = spawnSync('sh', ['-c', script, 'bin/vdsotop'], { encoding: 'utf8', input: '' });
    expect(result.stderr).toMatch(/itself|own/);
    expect(result.status).toBe(2);
  });

  it('--version and --help answer on standard output with 0', () => {
    expect(runVdsotop(['--version'])).toMatchObject({
      status: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      error: '',
    });
    const help = runVdsotop(['--help']);
    expect(help).toMatchObject({ status: 0, error: '' });
    expect(help.output).toContain('--pid');
    expect(help.output).toContain('demo');
  });
});

/** Children of kthreadd, which is always pid 2 in the initial PID namespace. */
function isKernelThread(pid: string): boolean {
  try {
    return /^PPid:\t2$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
