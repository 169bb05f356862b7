// Records the snapshots of a recording again and again, and prints what each cost: node record-alone.ts RECORDING FILE ROUNDS.
// Between two snapshots it waits, as a session does; the waits alone are measured too and taken off.
import { setTimeout as sleep } from 'node:timers/promises';
import { openCapsule } from '../../src/capsule/open-capsule.ts';
import { createRecorder } from '../../src/capsule/recorder.ts';
import { createRedaction } from '../../src/capsule/redaction.ts';
import { createShapeCheck } from '../../src/capsule/shape-check.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';

const [source = '', file = '', rounds = '1'] = process.argv.slice(2);
const waitMs = 20;
const { header, snapshots } = await openCapsule(source, { check: createShapeCheck(), version: '999.0.0' });
const recorder = createRecorder(file);
const redaction = createRedaction();
recorder.begin(redaction.header(header));

const record = async (snapshot: Snapshot) => recorder.add(redaction.snapshot(asTaken(snapshot)));
// The first snapshots cost what is paid once: loading, and a record that is written whole.
await cpuMsOf(record);
for (let round = 0; round < Number(rounds); round += 1) {
  const recording = await cpuMsOf(record);
  const waiting = await cpuMsOf(async () => {});
  console.log(JSON.stringify(recording - waiting));
}
await recorder.close();

/** As the probes make it: a new object, with the target anew around the same facts. */
function asTaken(snapshot: Snapshot): Snapshot {
  return { ...snapshot, target: { ...snapshot.target, children: { ...snapshot.target.children } } };
}

/** CPU time of all threads for each snapshot, in milliseconds. */
async function cpuMsOf(work: (snapshot: Snapshot) => Promise<void>): Promise<number> {
  const taken = snapshots.slice(1);
  const before = process.cpuUsage();
  for (const snapshot of taken) {
    await work(snapshot);
    await sleep(waitMs);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / taken.length;
}
