import { expect } from 'vitest';
import { available, denied, vdsoMapping } from '../snapshot-builder.ts';
import { describeRule } from './describe-rule.ts';

describeRule('legacy-vsyscall', [
  {
    name: 'emulated calls were counted',
    scenario: { entries: [['vsyscall_time', 0, 5_000]] },
    verdict: 'confirmed',
    seen: ['time() by vsyscall entered the kernel 5 k/s over 14 s'],
    also: ({ fix, savesCoreShare }) => {
      expect(fix?.wouldNotHelp).toBe(
        'vsyscall=emulate or vsyscall=xonly at boot: both trap into the kernel at every call',
      );
      expect(savesCoreShare?.value).toBeCloseTo(5_000 * (316 - 21.3) * 1e-9, 6);
    },
  },
  {
    name: 'the page is there, as in every process, and was not called',
    scenario: { entries: [['gettimeofday', 0, 5_000]] },
    verdict: 'ruled-out',
    seen: ['no legacy vsyscall was counted in 14 s'],
  },
  { name: 'no page', scenario: { target: { mappings: available([vdsoMapping]) } }, verdict: 'ruled-out' },
  {
    name: 'nothing counted of a 32-bit target, which proves nothing',
    scenario: { target: { bits: available(32) } },
    verdict: 'unknown',
    missing: ['kernel entries'],
  },
  {
    name: 'entries denied',
    scenario: { both: { entries: denied() } },
    verdict: 'unknown',
    missing: ['kernel entries'],
  },
]);

describeRule('tracer-attached', [
  { name: 'traced', scenario: { target: { tracerPid: available(77) } }, verdict: 'confirmed' },
  { name: 'not traced', scenario: {}, verdict: 'ruled-out' },
  { name: 'status denied', scenario: { target: { tracerPid: denied() } }, verdict: 'unknown', missing: ['tracer'] },
]);

describeRule('seccomp-filter', [
  { name: 'filtered', scenario: { target: { seccompMode: available('filter') } }, verdict: 'confirmed' },
  { name: 'not filtered', scenario: {}, verdict: 'ruled-out' },
  { name: 'status denied', scenario: { target: { seccompMode: denied() } }, verdict: 'unknown' },
]);

describeRule('time-namespace', [
  {
    name: 'another one',
    scenario: { target: { otherTimeNamespace: available(true) } },
    verdict: 'confirmed',
    also: ({ role }) => expect(role).toBe('context'),
  },
  { name: 'the same', scenario: {}, verdict: 'ruled-out' },
  { name: 'unread', scenario: { target: { otherTimeNamespace: denied() } }, verdict: 'unknown' },
]);
