import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { openKernelEntries } from '../../../src/collect/entries/kernel-entries.ts';
import { passedOver } from '../../../src/collect/entries/passed-over.ts';
import { value } from '../processes.ts';

const none = { missed: 0, missed_untold: 0 };

describe('how often the kernel passed over the counting programs', () => {
  it.each(['6.7.0', '6.18.44-fc', '7.2.12-1'])('is none where Linux %s says 0', (kernel) => {
    expect(passedOver(none, kernel)).toBe(0);
  });

  it.each(['5.10.0-28-amd64', '6.1.0', '6.6.99', 'unheard of'])('is not known where Linux %s says 0', (kernel) => {
    expect(passedOver(none, kernel)).toMatchObject({ unavailable: 'unsupported' });
  });

  it('is what a kernel says that counts it, whatever its number', () => {
    expect(passedOver({ missed: 3, missed_untold: 0 }, '5.14.0-427.el9')).toBe(3);
  });

  it('is not known where the kernel did not answer', () => {
    expect(passedOver({ missed: 0, missed_untold: 1 }, '6.18.0')).toMatchObject({ unavailable: 'failed' });
  });

  it('is part of what a counter tells', () => {
    const counter = openKernelEntries({ pid: process.pid }, { method: 'bpf' });
    try {
      expect(value(counter.read()).passedOver).toEqual(passedOver(none, release()));
    } finally {
      counter.close();
    }
  });
});
