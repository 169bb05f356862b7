import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('the build', () => {
  it('says in one line what to install when there is no C compiler', () => {
    const { stderr, status } = spawnSync(process.execPath, ['scripts/build.mjs', 'native'], {
      cwd: join(import.meta.dirname, '../..'),
      encoding: 'utf8',
      env: { ...process.env, CC: 'no-such-compiler' },
    });
    expect(stderr).toBe(
      "vdsotop build: no C compiler: 'no-such-compiler' was not found; install one (Debian: apt-get install gcc libc6-dev) or set CC\n",
    );
    expect(status).toBe(1);
  });
});
