import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { skipUnless } from '../../skip-unless.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { collector } from '../processes.ts';

/** The niceness it has, in words that its reader passes on. */
const programs = {
  perf: 'echo "nice $(nice)"',
  journalctl: `printf '{"MESSAGE":"tsc: nice %d","SYSLOG_FACILITY":"0","_SOURCE_MONOTONIC_TIMESTAMP":"1"}\\n' $(nice)`,
};

it.each([
  ['perf', 'runPerfTrace(process.pid, 0.1)'],
  ['journalctl', 'readKernelJournal()'],
] as const)('%s is started at the priority that vdsotop was given, which goes on at its own', (program, call) => {
  skipUnless(process.geteuid?.() === 0, 'only root can raise a priority');
  const folder = temporaryDirectory();
  writeFileSync(join(folder, program), `#!/bin/sh\n${programs[program]}\n`, { mode: 0o755 });
  const source = `
    import { getPriority } from 'node:os';
    import { raiseOwnPriority } from '${collector('process/own-priority')}';
    import { readKernelJournal } from '${collector('host/kernel-journal')}';
    import { runPerfTrace } from '${collector('perf-trace')}';
    raiseOwnPriority();
    const own = getPriority();
    const said = JSON.stringify(await ${call});
    console.log(JSON.stringify({ own, after: getPriority(), said }));
  `;
  const argv = ['--input-type=module-typescript', '-e', source];
  const env = { PATH: `${folder}:${process.env.PATH}` };
  const { own, after, said } = JSON.parse(execFileSync(process.execPath, argv, { env, encoding: 'utf8' }));
  expect(own).toBeLessThan(getPriority());
  expect(after).toBe(own);
  expect(said).toMatch(new RegExp(`nice ${getPriority()}\\b`));
});
