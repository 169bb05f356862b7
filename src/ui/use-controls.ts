import { useEffect, useReducer, useRef, useState } from 'react';
import type { LiveSession, Outlets } from '../model.ts';
import { formatInterval } from '../view/format.ts';
import { type Action, actionOf } from '../view/keys.ts';
import type { TraceState } from '../view/perf-trace.ts';
import { applyAction, initialState, type ScreenFacts, type ScreenState, show } from '../view/screen-state.ts';
import type { ExitReason } from './exit-reason.ts';

export interface ControlOptions {
  readonly session: LiveSession;
  readonly outlets: Outlets | undefined;
  readonly perfTraceSeconds: number;
  /** Lets a perf trace run on a target that reads clocks so often that it would be stalled. */
  readonly perfTraceForced: boolean;
  readonly leave: (reason: ExitReason) => void;
  readonly suspend: () => void;
  readonly redraw: () => void;
}

export interface Controls {
  readonly state: ScreenState;
  readonly toast: string | undefined;
  readonly trace: TraceState | undefined;
  /** Takes one key by its canonical name; `facts` are those of the screen that is shown. */
  readonly press: (key: string, facts: ScreenFacts) => void;
}

interface Pressed {
  readonly action: Action;
  readonly key: string;
  readonly facts: ScreenFacts;
}

type Look = Pressed | { readonly mode: ScreenState['mode'] };

/** Everything the hands have done: what is looked at, what was just said about it, and a perf trace asked for. */
export function useControls(options: ControlOptions): Controls {
  const [state, look] = useReducer(
    (before: ScreenState, next: Look) =>
      'mode' in next ? show(before, next.mode) : applyAction(before, next.action, next.facts, next.key),
    initialState,
  );
  const [toast, say] = useToast();
  const { trace, ask, answer } = usePerfTrace(options, (mode) => look({ mode }), say);
  const asking = state.mode === 'trace' && trace?.step === 'asking';

  const press = (key: string, facts: ScreenFacts) => {
    const action = actionOf(key);
    if (asking && answer(key)) return;
    if (action === undefined) return;
    if (needsProcess.has(action) && options.session.frame()?.replay !== undefined) {
      say('not in a replay: there is no process behind it');
      return;
    }
    effects[action]?.({ ...options, say, ask });
    look({ action, key, facts });
  };
  return { state, toast, trace, press };
}

interface Effect extends ControlOptions {
  readonly say: (text: string) => void;
  readonly ask: () => void;
}

/** What makes no sense in a replay. */
const needsProcess: ReadonlySet<Action> = new Set(['reset', 'perf-trace', 'record']);

/** The actions that concern the session, the terminal, or what lies outside of both. */
const effects: Readonly<Partial<Record<Action, (effect: Effect) => void>>> = {
  quit: ({ leave }) => leave({ kind: 'quit' }),
  pause: ({ session }) => (session.frame()?.state === 'paused' ? session.resume() : session.pause()),
  'step-back': ({ session }) => session.step(-1),
  'step-forward': ({ session }) => session.step(1),
  'jump-back': ({ session }) => session.jump(-jumpSeconds),
  'jump-forward': ({ session }) => session.jump(jumpSeconds),
  oldest: ({ session }) => session.jump(-Infinity),
  newest: ({ session }) => session.jump(Infinity),
  reset: ({ session, say }) => {
    session.reset();
    say('window, coverage and curves start anew');
  },
  slower: (effect) => changeInterval(effect, 1),
  faster: (effect) => changeInterval(effect, -1),
  record: (effect) => void tell(effect, effect.outlets?.toggleRecording()),
  'perf-trace': ({ ask }) => ask(),
  redraw: ({ redraw }) => redraw(),
  suspend: ({ suspend }) => suspend(),
};

const jumpSeconds = 10;

/** Says what an outlet answers, whenever it does. */
async function tell({ say }: Effect, answer: Promise<string> | undefined): Promise<void> {
  say((await answer) ?? 'not possible here');
}

const intervalsMs = [100, 250, 500, 1_000, 2_000, 5_000, 10_000] as const;

function changeInterval({ session, say }: Effect, by: 1 | -1): void {
  const now = session.frame()?.intervalMs ?? 500;
  const next = by > 0 ? intervalsMs.find((ms) => ms > now) : intervalsMs.findLast((ms) => ms < now);
  if (next !== undefined) session.setIntervalMs(next);
  say(`a sample every ${formatInterval(next ?? now)}${next === undefined ? ', which is the limit' : ''}`);
}

const toastMs = 3_000;

/** A sentence that goes away by itself. */
function useToast(): readonly [string | undefined, (text: string) => void] {
  const [toast, setToast] = useState<string | undefined>(undefined);
  const timer = useRef<NodeJS.Timeout | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setToast(undefined), toastMs);
    setToast(text);
  };
  return [toast, say];
}

/** perf trace slows the target, so it is asked for, answered by y or n, and runs once at a time. */
function usePerfTrace(
  { session, perfTraceSeconds: seconds, perfTraceForced }: ControlOptions,
  showMode: (mode: ScreenState['mode']) => void,
  say: (text: string) => void,
) {
  const [trace, setTrace] = useState<TraceState | undefined>(undefined);
  // Not state: two keys that came in one read see the same state, and 'yy' must not start two.
  const running = useRef(false);

  const ask = () => {
    showMode('trace');
    if (trace?.step === 'running') return;
    const warning = session.perfTraceWarning(seconds);
    const allowed = perfTraceForced || session.perfTraceAllowed();
    setTrace(allowed ? { step: 'asking', seconds, warning } : { step: 'refused', warning });
  };

  const run = async () => {
    if (running.current) return;
    running.current = true;
    setTrace({ step: 'running', seconds });
    const result = await session.perfTrace(seconds);
    running.current = false;
    setTrace({ step: 'done', result });
    say('perf trace is done: t shows it');
  };

  /** Whether the key was an answer. */
  const answer = (key: string): boolean => {
    if (key === 'y') void run();
    if (key === 'n' || key === 'escape') {
      setTrace(undefined);
      showMode('overview');
    }
    return key === 'y' || key === 'n' || key === 'escape';
  };

  return { trace, ask, answer };
}
