import { expect, it } from 'vitest';
import { buildProgram } from '../programs/build.ts';
import { runVdsotop } from './run-vdsotop.ts';

/** `vdsotop -- CMD` of a command that is over before the first look at it. */
const reads = buildProgram('some-reads');
const paragraphsOf = (text: string) => text.split('\n\n').map((part) => part.replace(/\s+/g, ' '));

it('tells how many reads it made, and what is known of it from the start', () => {
  const { error, status } = runVdsotop(['--', reads, '12345']);
  const [answer = '', facts = ''] = paragraphsOf(error);
  expect(answer).toMatch(
    /^SLOW: some-reads-[0-9a-f]* \(pid \d+\) THREAD_CPUTIME_ID entered the kernel 12,345 times in [\d.]+ m?s at [\d.]+ [nµ]s: [\d.]+ ms in all; /,
  );
  expect(error).toMatch(/^ THREAD_CPUTIME_ID: kernel 12,345 in [\d.]+ m?s exact \(/m);
  expect(facts).toContain(`target ${reads}, 64-bit`);
  expect(facts).toContain(`started as ${reads} 12345`);
  expect(facts).not.toContain('absent');
  expect(error).not.toMatch(/ yet$|no user space there|over 0\.0 s/m);
  expect(status).toBe(3);
});

it('says once that it had ended, and of what nothing can be known in as many lines as it takes to name it', () => {
  const { error } = runVdsotop(['--', 'true']);
  expect(error).toMatch(/^\w+: true \(pid \d+\)\nNo clock read entered the kernel in [\d.]+ m?s; /);
  expect(error).toContain('target       /usr/bin/true, 64-bit');
  expect(error.match(/^ {2}UNKNOWN {2}/gm)).toBeNull();
  expect(
    paragraphsOf(error).filter((part) => part.startsWith(' not to be known, as the target has ended')),
  ).toHaveLength(1);
  expect(error.split('\n').length).toBeLessThan(90);
});
