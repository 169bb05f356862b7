import { describe, expect, it } from 'vitest';
import { decodeCapsule } from '../../src/capsule/decode-capsule.ts';
import { encodeCapsule } from '../../src/capsule/encode-capsule.ts';
import { createRedaction, redactCapsule } from '../../src/capsule/redaction.ts';
import type { Capsule } from '../../src/model/capsule.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { available } from '../analysis/snapshot-builder.ts';
import { reading, recordingText } from './recordings.ts';

const recorded = decodeCapsule(recordingText('demo'), reading);

/** The recording as it would be of a person's program on a named host, with words that must not come out. */
function telling(): Capsule {
  const path = '/proc/7/root/home/alice.smith/bin/server';
  const snapshots = recorded.snapshots.map(
    (snapshot): Snapshot => ({
      ...snapshot,
      host: {
        ...snapshot.host,
        hostname: available('pay-db-07'),
        kernelCommandLine: available(
          'root=/dev/x ip=pay-db-07 tsc=reliable rd.key=s3cret clocksource=tsc nohz_full=1-3',
        ),
      },
      target: {
        ...snapshot.target,
        exe: available(path),
        commandLine: available([`${path} pool:s3cret`, '--token', 's3cret']),
        libc: available({ name: 'glibc', path: '/home/alice.smith/lib/libc.so.6' }),
        interposers: available([{ symbol: 'time', module: '/home/alice.smith/x.so', how: 'resolved-slot' }]),
        cgroup: available({ path: '/lxc.payload.pay-db-07/app', container: 'lxc pay-db-07' }),
      },
      callSites: available({
        sites: [
          {
            ...{ side: 'kernel', fn: 'time', slot: 0, tid: 1, foundBy: 'unwinding', samples: 3 },
            place: { address: '1f', kind: 'executable', module: path, symbol: 'main' },
            callers: [{ address: '2f', kind: 'library', module: '/home/alice.smith/x.so' }],
          },
        ],
        samples: { kernel: 3, vdso: 0 },
        lost: 0,
      }),
    }),
  );
  const commandLine = '/home/alice.smith/vdsotop/bin/vdsotop --show-host -- /bin/server s3cret';
  const limits = [{ reading: 'entries', detail: 'denied', remedy: `sudo ${commandLine}` }];
  const header = { ...recorded.header, hidden: [], commandLine, limits };
  return { header: { ...header, target: { pid: 7, comm: 'server', exe: path } }, snapshots };
}

describe('redaction', () => {
  it('takes every name, argument and secret out, and says what it took', () => {
    const capsule = redactCapsule(telling());
    const text = encodeCapsule(capsule);
    for (const word of ['alice', 's3cret', 'pay-db', '--token', 'rd.key']) {
      expect(encodeCapsule(telling())).toContain(word);
      expect(text).not.toContain(word);
    }
    expect(capsule.header.hidden).toContain('host name');
    expect(capsule.header.commandLine).toBe('vdsotop -p 7');
    expect(capsule.header.limits[0]?.remedy).toBe('sudo vdsotop -p 7');
  });

  it('leaves what a judgement needs', () => {
    const { host, target, callSites } = redactCapsule(telling()).snapshots[0] ?? (recorded.snapshots[0] as Snapshot);
    expect(host.kernelCommandLine).toMatchObject({ value: 'tsc=reliable clocksource=tsc nohz_full=1-3 (3 hidden)' });
    expect(target).toMatchObject({
      exe: { value: '/proc/7/root/home/(hidden)/bin/server' },
      commandLine: { value: ['/proc/7/root/home/(hidden)/bin/server', '(hidden)'] },
      cgroup: { value: { path: '/lxc.payload.(hidden)/app', container: 'lxc (hidden)' } },
    });
    expect(callSites).toMatchObject({ value: { sites: [{ place: { symbol: 'main' } }] } });
  });

  it.each([
    ['/lxc.payload.db-1/app', 'lxc db-1', '/lxc.payload.(hidden)/app', 'lxc (hidden)'],
    ['/lxc/db-1/app', 'lxc db-1', '/lxc/(hidden)/app', 'lxc (hidden)'],
    [
      '/machine.slice/machine-db\\x2d1.scope/x',
      'machine db\\x2d1',
      '/machine.slice/machine-(hidden).scope/x',
      'machine (hidden)',
    ],
    ['/system.slice/docker-0123.scope', 'docker 0123', '/system.slice/docker-0123.scope', 'docker 0123'],
  ])('hides the name of a system container, which is its host name: %s', (path, container, hiddenPath, inWords) => {
    const [first] = recorded.snapshots;
    if (first === undefined) throw new Error('the recording is empty');
    const snapshot = { ...first, target: { ...first.target, cgroup: available({ path, container }) } };
    const once = createRedaction().snapshot(snapshot);
    expect(once.target.cgroup).toMatchObject({ value: { path: hiddenPath, container: inWords } });
    expect(createRedaction().snapshot(once).target.cgroup).toEqual(once.target.cgroup);
  });

  it('leaves unavailable what is unavailable', () => {
    const [first] = recorded.snapshots;
    if (first === undefined) throw new Error('the recording is empty');
    const denied = { unavailable: 'denied', detail: 'no' } as const;
    const blind: Snapshot = { ...first, target: { ...first.target, commandLine: denied, cgroup: denied, exe: denied } };
    expect(createRedaction().snapshot(blind).target).toMatchObject({
      commandLine: denied,
      cgroup: denied,
      exe: denied,
    });
  });

  it('keeps shared what snapshots share, so that a recording does not grow', () => {
    const { snapshot } = createRedaction();
    const [one, other] = telling()
      .snapshots.slice(0, 2)
      .map((each, _, all) => ({ ...each, host: all[0]?.host ?? each.host }));
    if (one === undefined || other === undefined) throw new Error('the recording is short');
    expect(snapshot(one).host).toBe(snapshot(other).host);
  });

  it('has nothing more to take out of what it made', () => {
    const once = redactCapsule(telling());
    const again = redactCapsule({ ...once, header: { ...once.header, hidden: [] } });
    expect(again.snapshots.map(({ target }) => target)).toEqual(once.snapshots.map(({ target }) => target));
  });
});
