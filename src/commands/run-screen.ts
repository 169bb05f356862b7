import { rules } from '../analysis/rules/index.ts';
import type { LiveSession } from '../model/live-session.ts';
import type { LiveOptions } from '../ui/render-live.tsx';
import type { ScreenOutlets } from '../view/outlets.ts';
import { exitCodeOfSignal } from './exit-code-of-signal.ts';
import type { WatchOptions } from './options.ts';
import { defaultSymbols } from './terminal.ts';

export type ScreenChoices = Pick<WatchOptions, 'symbols' | 'incremental'> &
  Partial<Pick<WatchOptions, 'perfTrace' | 'force'>>;

/**
 * Shows a session on the live screen until it is left, or until `failed` rejects. Answers whether there is still a
 * terminal to print on. A signal becomes the exit code 128+n.
 */
export async function runScreen(
  session: LiveSession,
  choices: ScreenChoices,
  outlets: ScreenOutlets,
  failed: Promise<never> = forever(),
): Promise<'left' | 'terminal-lost'> {
  const { runLive } = await import('../ui/render-live.tsx');
  // A terminal that goes says so twice, and the second time must not end what the first has begun to close.
  process.on('SIGHUP', leaveItToTheScreen);
  const reason = await Promise.race([runLive(session, liveOptions(choices, outlets)), failed]);
  // What is typed from here on is the shell's.
  process.stdin.pause();
  if (reason.kind === 'signal') process.exitCode = exitCodeOfSignal(reason.signal);
  const lost = reason.kind === 'terminal-gone' || (reason.kind === 'signal' && reason.signal === 'SIGHUP');
  if (lost) return 'terminal-lost';
  process.off('SIGHUP', leaveItToTheScreen);
  return 'left';
}

function leaveItToTheScreen(): void {}

function forever(): Promise<never> {
  return new Promise(() => {});
}

function liveOptions(
  { symbols, incremental, perfTrace, force = false }: ScreenChoices,
  outlets: ScreenOutlets,
): LiveOptions {
  return {
    outlets,
    symbols: symbols ?? defaultSymbols(),
    incremental,
    perfTraceSeconds: (perfTrace ?? 2_000) / 1_000,
    perfTraceAsked: perfTrace !== undefined,
    perfTraceForced: force,
    glossary: rules.map(({ id, title }) => ({ id, title })),
  };
}
