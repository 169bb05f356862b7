import { expect, it, onTestFinished } from 'vitest';
import { invokingUser } from '../../src/commands/invoking-user.ts';
import { originalEnvironment } from '../../src/commands/original-environment.ts';
import { skipUnless } from '../skip-unless.ts';

function givenSudo(uid: string | undefined, gid: string | undefined): void {
  const before = { ...originalEnvironment };
  onTestFinished(() => void Object.assign(originalEnvironment, before));
  Object.assign(originalEnvironment, { SUDO_UID: uid, SUDO_GID: gid });
}

it.each([
  ['1000', '1001', { uid: 1000, gid: 1001 }],
  [undefined, undefined, undefined],
  ['1000', undefined, undefined],
  ['-1', '1000', undefined],
  ['1e3', '1000', undefined],
  ['0x10', '10', undefined],
])('takes SUDO_UID %s and SUDO_GID %s for %o', (uid, gid, expected) => {
  skipUnless(process.geteuid?.() === 0, 'the variables mean nothing unless we are root');
  givenSudo(uid, gid);
  expect(invokingUser()).toEqual(expected);
});

it('believes SUDO_UID of root only', () => {
  skipUnless(process.geteuid?.() !== 0, 'root is believed');
  givenSudo('1000', '1000');
  expect(invokingUser()).toBeUndefined();
});
