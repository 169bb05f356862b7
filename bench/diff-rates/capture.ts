// Watches a process as vdsotop does and writes what it saw as one line of JSON:
//   node capture.ts PID MILLISECONDS
// A process of its own for every capture: two runs that are compared differ by where their memory lies, too.
import { setTimeout as sleep } from 'node:timers/promises';
import { startSession } from '../../src/session.ts';

const [pid = 0, durationMs = 0] = process.argv.slice(2).map(Number);
const counting = { counter: 'auto', children: false, startsWithExec: false } as const;
const session = startSession({ pid, ...counting, intervalMs: 500, version: '0.0.0-bench', commandLine: 'vdsotop' });
await session.armed;
await sleep(durationMs);
await session.sampleNow();
process.stdout.write(`${JSON.stringify(session.capsule()?.snapshots)}\n`);
session.close();
