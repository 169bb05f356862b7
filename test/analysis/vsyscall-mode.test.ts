import { describe, expect, it } from 'vitest';
import { vsyscallMode } from '../../src/analysis/vsyscall-mode.ts';

describe('the mode of the legacy page', () => {
  it.each([
    ['--xp', '6.18.0', undefined, 'xonly'],
    ['r-xp', '5.10.0', undefined, 'emulate'],
    ['r-xp', '4.18.0', 'vsyscall=native', 'emulate'],
    ['r-xp', '4.15.18', 'quiet', 'emulate or native'],
    ['r-xp', '4.15.18', 'vsyscall=emulate vsyscall=native', 'native'],
    ['r-xp', '4.4.0', 'vsyscall=native vsyscall=emulate quiet', 'emulate'],
    ['r-xp', '4.4.0', 'quiet -- vsyscall=native', 'emulate or native'],
    ['r-xp', undefined, undefined, 'emulate or native'],
    ['---p', '6.18.0', undefined, undefined],
  ])('mapped %s by Linux %s, booted with %s: %s', (permissions, release, commandLine, mode) => {
    expect(vsyscallMode(permissions, release, commandLine)).toBe(mode);
  });
});
