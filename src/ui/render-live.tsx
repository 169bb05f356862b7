import type { LiveSession } from '../model/live-session.ts';
import type { SymbolSet } from '../view/drawing.ts';
import type { GlossaryEntry } from '../view/help.ts';
import type { ScreenOutlets } from '../view/outlets.ts';
import { App } from './App.tsx';
import type { ExitReason } from './exit-reason.ts';
import { makeDrawing } from './make-drawing.ts';
import { showOnScreen } from './show-on-screen.ts';

export interface LiveOptions {
  /** Files and the like, for keys that need them. */
  readonly outlets?: ScreenOutlets;
  readonly symbols: SymbolSet;
  /** Writes only what changed: half the bytes for a third more CPU a frame. @default true */
  readonly incremental?: boolean;
  /** How long a perf trace runs. @default 2 */
  readonly perfTraceSeconds?: number;
  /** Asks for one as soon as there is a screen, and not only by key. @default false */
  readonly perfTraceAsked?: boolean;
  /** @default false */
  readonly perfTraceForced?: boolean;
  /** Ids and titles of all causes, for the second page of help. @default [] */
  readonly glossary?: readonly GlossaryEntry[];
  /** Paints every frame of the session, however fast they come; for measuring. @default false */
  readonly everyFrame?: boolean;
  /** @default process.stdin */
  readonly stdin?: NodeJS.ReadStream;
  /** @default process.stdout */
  readonly stdout?: NodeJS.WriteStream;
}

/**
 * Shows the session on the alternate screen until it is left, and answers why. The terminal is as it was before when
 * the promise settles; it rejects when drawing failed.
 */
export async function runLive(session: LiveSession, options: LiveOptions): Promise<ExitReason> {
  const { symbols, glossary = [], everyFrame = false } = options;
  const { perfTraceSeconds = 2, perfTraceAsked = false, perfTraceForced = false } = options;
  const app = (
    <App
      session={session}
      outlets={options.outlets}
      drawing={makeDrawing(symbols)}
      glossary={glossary}
      perfTraceSeconds={perfTraceSeconds}
      perfTraceAsked={perfTraceAsked}
      perfTraceForced={perfTraceForced}
      everyFrame={everyFrame}
    />
  );
  const reason = (await showOnScreen(app, options)) as ExitReason | undefined;
  return reason ?? { kind: 'quit' };
}
