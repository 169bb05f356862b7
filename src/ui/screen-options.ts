import type { RenderOptions } from 'ink';

export interface ScreenStreams {
  readonly incremental?: boolean;
  readonly stdin?: NodeJS.ReadStream;
  readonly stdout?: NodeJS.WriteStream;
}

/**
 * How Ink takes the terminal. `interactive` is said outright: Ink would stay silent wherever CI is set, even to ''.
 * The console is left alone, and Ctrl-C is a key like any other.
 */
export function screenOptions({ incremental = true, stdin, stdout }: ScreenStreams): RenderOptions {
  return {
    alternateScreen: true,
    incrementalRendering: incremental,
    maxFps: 10,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
    ...(stdin === undefined ? {} : { stdin }),
    ...(stdout === undefined ? {} : { stdout }),
  };
}
