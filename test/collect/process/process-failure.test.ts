import { expect, it } from 'vitest';
import { processFailure } from '../../../src/collect/process/process-failure.ts';

const denied = Object.assign(new Error('refused'), { code: 'EACCES' });

it('advises nobody to get the right that vdsotop has already', () => {
  const failure = processFailure('/proc/1/exe', denied, () => true);
  expect(failure.unavailable).toBe('denied');
  expect(failure.detail).toContain('refused although vdsotop has CAP_SYS_PTRACE');
  expect(failure.remedy).toBeUndefined();
});

it('names the right that is missing, and how to get it', () => {
  const failure = processFailure('/proc/1/exe', denied, () => false);
  expect(failure.detail).toContain('or CAP_SYS_PTRACE: EACCES');
  expect(failure.remedy).toContain(process.geteuid?.() === 0 ? 'CAP_SYS_PTRACE' : 'sudo vdsotop -p 1');
});
