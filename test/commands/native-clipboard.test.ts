import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyNatively } from '../../src/commands/native-clipboard.ts';

const needed = ['/usr/bin/Xvfb', '/usr/bin/xclip'].filter((path) => !existsSync(path));
const { DISPLAY, WAYLAND_DISPLAY, TMUX, ...bare } = process.env;

it('answers that nothing copied where there is no display, and where it does not answer', async () => {
  expect(await copyNatively('x', bare)).toBeUndefined();
  expect(await copyNatively('x', { ...bare, DISPLAY: ':4711' })).toBeUndefined();
});

describe('on a real X display', () => {
  let server: ChildProcess | undefined;
  let env: NodeJS.ProcessEnv = bare;

  beforeAll(async () => {
    if (needed.length > 0) return;
    server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '64x64x8', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [number] = await once(server.stdio[3] as Readable, 'data');
    env = { ...bare, DISPLAY: `:${String(number).trim()}` };
  });
  afterAll(() => void server?.kill());

  it('xclip holds the text, byte for byte', async (test) => {
    if (needed.length > 0) test.skip(`not installed: ${needed.join(', ')}`);
    const text = `µ "quoted" $HOME\n${'x'.repeat(200_000)}\n`;
    expect(await copyNatively(text, env)).toBe('xclip');
    const { stdout } = spawnSync('xclip', ['-selection', 'clipboard', '-o'], { env, encoding: 'utf8' });
    expect(stdout).toBe(text);
  });
});
