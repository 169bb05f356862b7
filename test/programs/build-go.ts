import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const builds = join(import.meta.dirname, '../../build/test-programs');

/** test/programs/now.go, linked statically as Go does without cgo; for another machine by Go's name for it ('arm64'). */
export function buildGo(go: string, machine?: 'amd64' | 'arm64'): string {
  mkdirSync(builds, { recursive: true });
  const program = join(builds, machine === undefined ? 'now-go' : `now-go-${machine}`);
  const target = machine === undefined ? {} : { GOARCH: machine };
  execFileSync(go, ['build', '-o', program, join(import.meta.dirname, 'now.go')], {
    env: { ...process.env, ...target, CGO_ENABLED: '0', GOCACHE: join(builds, 'go-cache'), GOFLAGS: '-mod=mod' },
    stdio: 'pipe',
  });
  return program;
}
