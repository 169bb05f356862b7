import { atGivenPriority } from '../collect/process/own-priority.ts';
import { originalEnvironment } from './original-environment.ts';

interface ClipboardTool {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether there is anything it could put the text on. */
  readonly isFor: (env: NodeJS.ProcessEnv) => boolean;
}

/** Tried in this order. tmux hands the text on to the terminal it is shown on, whatever its set-clipboard says. */
const tools: readonly ClipboardTool[] = [
  { command: 'wl-copy', args: [], isFor: ({ WAYLAND_DISPLAY }) => Boolean(WAYLAND_DISPLAY) },
  { command: 'xclip', args: ['-selection', 'clipboard'], isFor: ({ DISPLAY }) => Boolean(DISPLAY) },
  { command: 'xsel', args: ['--clipboard', '--input'], isFor: ({ DISPLAY }) => Boolean(DISPLAY) },
  { command: 'tmux', args: ['load-buffer', '-w', '-'], isFor: ({ TMUX }) => Boolean(TMUX) },
];

/** Each answers at once, or hangs on a display that does not. */
const withinMs = 2_000;

/** Puts the text on the clipboard by a program of this host; the name of the one that did, or undefined. */
export async function copyNatively(
  text: string,
  env: NodeJS.ProcessEnv = originalEnvironment,
): Promise<string | undefined> {
  const { execa } = await import('execa');
  for (const { command, args } of tools.filter((tool) => tool.isFor(env))) {
    const options = { input: text, timeout: withinMs, reject: false, stdout: 'ignore', stderr: 'ignore' } as const;
    const { failed } = await atGivenPriority(() => execa(command, args, { ...options, env, extendEnv: false }));
    if (!failed) return command;
  }
  return undefined;
}
