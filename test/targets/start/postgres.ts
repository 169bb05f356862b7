import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from '../target.ts';
import { tool } from './tool.ts';

const releases = '/usr/lib/postgresql';
const nobody = 65534;
const asNobody = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups'];
const patienceMs = 15_000;

// A sequential scan whose every row is timed, again and again.
const script = `create temp table rows as select generate_series(1, 100000) as n;
select 'backend ' || pg_backend_pid();
explain (analyze, timing on) select count(*) from rows \\watch 0.02
`;

/** The backend of a PostgreSQL cluster of our own, on a socket in a directory of its own, under EXPLAIN ANALYZE. */
export async function postgresBackend(): Promise<Running> {
  const [release = '15'] = existsSync(releases) ? readdirSync(releases).sort((a, b) => Number(b) - Number(a)) : [];
  const bin = join(releases, release, 'bin');
  tool('postgresql', join(bin, 'initdb'));
  const home = mkdtempSync('/tmp/vdsotop-postgres-');
  chownSync(home, nobody, nobody);
  const data = join(home, 'data');
  execFileSync('setpriv', [...asNobody, join(bin, 'initdb'), '-D', data, '-A', 'trust', '-U', 'me', '--no-sync'], {
    stdio: 'pipe',
    cwd: home,
  });
  const settings = [
    'listen_addresses=',
    'fsync=off',
    'shared_buffers=16MB',
    'jit=off',
    'max_parallel_workers_per_gather=0',
  ];
  // It ends with us, whatever ends us.
  const server = spawn(
    'setpriv',
    [
      ...asNobody,
      '--pdeathsig',
      'QUIT',
      join(bin, 'postgres'),
      '-D',
      data,
      '-k',
      home,
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    { stdio: 'ignore', cwd: home },
  );
  for (let waited = 0; !existsSync(join(home, '.s.PGSQL.5432')) && waited < patienceMs; waited += 100) await sleep(100);
  const client = spawn(join(bin, 'psql'), ['-h', home, '-U', 'me', '-AtX', 'postgres'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  client.stdin.write(script);
  const pid = await backendOf(client);
  await sleep(500);
  return {
    pid,
    async end() {
      await endOf(client, 'SIGKILL');
      // An immediate shutdown: nothing here is worth keeping.
      await endOf(server, 'SIGQUIT');
      rmSync(home, { recursive: true, force: true });
      return {};
    },
  };
}

function backendOf({ stdout }: ChildProcess): Promise<number> {
  let output = '';
  return new Promise((resolve, reject) => {
    // Taken to the end: psql stands still, and with it the backend, once its pipe is full.
    stdout?.on('data', (data) => {
      if (/^backend \d+$/m.test(output)) return;
      output += String(data);
      const [, pid] = /^backend (\d+)$/m.exec(output) ?? [];
      if (pid !== undefined) resolve(Number(pid));
    });
    stdout?.on('end', () => reject(new Error(`psql ended: ${output}`)));
  });
}

async function endOf(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}
