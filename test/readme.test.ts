import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './e2e/programs.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Every command line in the README's shell blocks, without its comment. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .map((line) => line.replace(/\s+#.*$/, '').trim())
  .filter((line) => line !== '');

/** What a command must print. `npm ci && npm test` is the run that this test is part of. */
const expectations: Readonly<Record<string, RegExp | 'this very run'>> = {
  'bin/vdsotop replay docs/screens/demo.svg': /THREAD_CPUTIME_ID enters the kernel 20(\.\d)? k\/s/,
  'npm ci && npm start': /SLOW: vdsotop-demo[\s\S]*THREAD_CPUTIME_ID/,
  'npm start -- -p PID': /THREAD_CPUTIME_ID enters the kernel/,
  'npm ci && npm test': 'this very run',
  'sudo bin/vdsotop -p PID': /THREAD_CPUTIME_ID enters the kernel/,
  'sudo bin/vdsotop report -p PID --duration 2s': /THREAD_CPUTIME_ID enters the kernel/,
  'sudo bin/vdsotop report -p PID --json': /"schema": 1/,
  'sudo bin/vdsotop -p PID --children': /THREAD_CPUTIME_ID enters the kernel/,
  'sudo bin/vdsotop -- CMD': /watched/,
  'sudo bin/vdsotop snapshot -p PID -o x.png -o x.md': /saved x\.png [\s\S]*saved x\.md /,
  'sudo bin/vdsotop report -p PID --record FILE': /THREAD_CPUTIME_ID enters the kernel/,
  'bin/vdsotop replay FILE': /THREAD_CPUTIME_ID enters the kernel/,
  'sudo bin/vdsotop diff FILE -p PID': /before +[\s\S]*THREAD_CPUTIME_ID/,
  'bin/vdsotop clocks': /MONOTONIC +vDSO/,
  'bin/vdsotop --help': /--pid/,
};

/** npm waits for a registry that does not answer, and asks again. */
const patienceMs = 600_000;

let clone = '';
let workload: Program | undefined;

describe('the README, as a stranger follows it in a fresh checkout', () => {
  beforeAll(async () => {
    clone = mkdtempSync(join(tmpdir(), 'vdsotop-readme-'));
    const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    for (const file of files.split('\0').filter(Boolean)) cpSync(join(root, file), join(clone, file));
  });

  afterAll(async () => {
    await workload?.end();
    rmSync(clone, { recursive: true, force: true });
  });

  it('has an expectation for each of its commands, and no other', () => {
    expect([...new Set(commands)].sort()).toEqual(Object.keys(expectations).sort());
  });

  it.each(commands.filter((command) => expectations[command] !== 'this very run'))(
    '%s',
    async (command) => {
      workload ??= command.includes('PID') ? await startProgram(join(clone, 'dist/vdsotop-demo')) : undefined;
      const line = command
        .replace(/^sudo /, '')
        .replace('PID', String(workload?.pid))
        .replace('CMD', 'sleep 0.2')
        .replace('FILE', 'recorded.ndjson.gz');
      const { stdout, stderr, status } = spawnSync('sh', ['-c', line], {
        cwd: clone,
        encoding: 'utf8',
        input: '',
        env: freshEnvironment(),
        timeout: patienceMs,
      });
      expect(stdout + stderr).toMatch(expectations[command] as RegExp);
      expect(status).toBe(0);
    },
    patienceMs + 10_000,
  );

  it('links only to files that are there', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    const missing = targets.filter((target) => spawnSync('test', ['-e', join(root, target)]).status !== 0);
    expect(missing).toEqual([]);
  });
});

/** Without what npm and vitest put into the environment of this run, so that the system's own Node is the one found. */
function freshEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(':').filter((directory) => !directory.startsWith(root));
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_(registry|cache))|VITEST|NODE_)/.test(name),
  );
  // What `npm ci` has just fetched for this run is not asked for again.
  return { ...Object.fromEntries(kept), PATH: path.join(':'), npm_config_prefer_offline: 'true' };
}
