import { useEffect, useReducer, useRef, useState } from 'react';
import type { LiveSession } from '../model/live-session.ts';
import { copyMenu } from '../view/copy-menu.ts';
import { baselineToast } from '../view/difference/baseline-toast.ts';
import { formatInterval } from '../view/format.ts';
import type { GlossaryEntry } from '../view/help.ts';
import { type Action, actionOf } from '../view/keys.ts';
import type { ScreenOutlets } from '../view/outlets.ts';
import type { TraceState } from '../view/perf-trace.ts';
import { refusedKey } from '../view/refused-key.ts';
import { applyAction, initialState, type ScreenFacts, type ScreenState, show } from '../view/screen-state.ts';
import type { Sight } from '../view/still.ts';
import type { Toast } from '../view/toast.ts';
import type { ExitReason } from './exit-reason.ts';
import { useAnnouncing } from './use-announcing.ts';
import { useAskingAtStart } from './use-asking-at-start.ts';

export interface ControlOptions {
  readonly session: LiveSession;
  readonly outlets: ScreenOutlets | undefined;
  readonly glossary: readonly GlossaryEntry[];
  readonly perfTraceSeconds: number;
  /** Asks for a perf trace without a key. */
  readonly perfTraceAsked: boolean;
  /** Lets a perf trace run on a target that reads clocks so often that it would be stalled. */
  readonly perfTraceForced: boolean;
  readonly leave: (reason: ExitReason) => void;
  readonly suspend: () => void;
  readonly redraw: () => void;
}

export interface Controls {
  readonly state: ScreenState;
  readonly toast: Toast | undefined;
  readonly trace: TraceState | undefined;
  /** Takes one key by its canonical name; `facts` are those of the screen that is shown. */
  readonly press: (key: string, facts: ScreenFacts) => void;
}

interface Pressed {
  readonly action: Action;
  readonly key: string;
  readonly facts: ScreenFacts;
}

type Look = Pressed | { readonly mode: ScreenState['mode'] } | { readonly menu: ScreenState['menu'] };

/** Everything the hands have done: what is looked at, what was just said about it, and a perf trace asked for. */
export function useControls(options: ControlOptions): Controls {
  const [state, look] = useReducer((before: ScreenState, next: Look) => {
    if ('menu' in next) return { ...before, menu: next.menu };
    return 'mode' in next ? show(before, next.mode) : applyAction(before, next.action, next.facts, next.key);
  }, initialState);
  const [toast, say] = useToast();
  useAnnouncing(options.session.frame(), say);
  const { trace, ask, answer } = usePerfTrace(options, (mode) => look({ mode }), say);
  const asking = state.mode === 'trace' && trace?.step === 'asking';
  const refusal = (action: Action) =>
    refusedKey(action, options.session.frame(), {
      targetHasEnded: options.session.hasEnded(),
      isRecording: options.outlets?.recording() !== undefined,
    });
  useAskingAtStart(options.perfTraceAsked, options.session.frame(), () => {
    const refused = refusal('perf-trace');
    if (refused === undefined) ask();
    else say(refused);
  });

  const sight = (): Sight | undefined => {
    const frame = options.session.frame();
    return frame && { frame, state: { ...state, menu: undefined }, trace, glossary: options.glossary };
  };
  const copying = useCopying({ ...options, say, sight }, (menu) => look({ menu }));

  const press = (key: string, facts: ScreenFacts) => {
    const action = actionOf(key);
    if (copying.takes(key)) return;
    if (asking && answer(key)) return;
    if (action === undefined) return;
    const refused = refusal(action);
    if (refused !== undefined) return say(refused);
    effects[action]?.({ ...options, say, ask, sight, comparing: state.comparing, copy: copying.open });
    look({ action, key, facts });
  };
  return { state, toast, trace, press };
}

interface Saying extends ControlOptions {
  readonly say: (toast: string | Toast) => void;
  readonly sight: () => Sight | undefined;
}

interface Effect extends Saying {
  readonly ask: () => void;
  readonly comparing: boolean;
  readonly copy: () => void;
}

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
  baseline: ({ session, say, comparing }) => {
    session.setBaseline();
    say(baselineToast(session.frame(), comparing));
  },
  slower: (effect) => changeInterval(effect, 1),
  faster: (effect) => changeInterval(effect, -1),
  record: (effect) => void tell(effect, () => effect.outlets?.toggleRecording()),
  save: (effect) => {
    effect.say('saving …');
    void tell(effect, (sight) => effect.outlets?.save(sight));
  },
  copy: ({ copy }) => copy(),
  'perf-trace': ({ ask }) => ask(),
  redraw: ({ redraw }) => redraw(),
  suspend: ({ suspend }) => suspend(),
};

const jumpSeconds = 10;

/** Says what an outlet answers, whenever it does. */
async function tell({ say, sight }: Saying, ask: (sight: Sight) => Promise<string | Toast> | undefined): Promise<void> {
  const shown = sight();
  if (shown === undefined) return say('nothing has been measured yet');
  say((await ask(shown)) ?? 'not possible here');
}

/** The second step of the key that copies: the next key says what. */
function useCopying(saying: Saying, showMenu: (menu: ScreenState['menu']) => void) {
  // Not state: two keys that came in one read see the same state, and the second one is the answer.
  const isOpen = useRef(false);
  const set = (open: boolean) => {
    isOpen.current = open;
    showMenu(open ? 'copy' : undefined);
  };
  return {
    open: () => set(true),
    /** Whether the key was an answer; every other one but quit only closes the menu. */
    takes(key: string): boolean {
      if (!isOpen.current) return false;
      set(false);
      const item = copyMenu.find((one) => one.key === key);
      if (item !== undefined) void tell(saying, (sight) => saying.outlets?.copy(item.kind, sight));
      return actionOf(key) !== 'quit';
    },
  };
}

const intervalsMs = [100, 250, 500, 1_000, 2_000, 5_000, 10_000] as const;

function changeInterval({ session, say }: Effect, by: 1 | -1): void {
  const now = session.frame()?.intervalMs ?? 500;
  const next = by > 0 ? intervalsMs.find((ms) => ms > now) : intervalsMs.findLast((ms) => ms < now);
  if (next !== undefined) session.setIntervalMs(next);
  say(`a sample every ${formatInterval(next ?? now)}${next === undefined ? ', which is the limit' : ''}`);
}

const toastMs = 3_000;
/** A path takes longer to read, and to be clicked. */
const linkMs = 10_000;

/** A sentence that goes away by itself. */
function useToast(): readonly [Toast | undefined, (toast: string | Toast) => void] {
  const [toast, setToast] = useState<Toast | undefined>(undefined);
  const timer = useRef<NodeJS.Timeout | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const say = (said: string | Toast) => {
    const next = typeof said === 'string' ? { text: said } : said;
    clearTimeout(timer.current);
    // What is said when the screen has been left must not keep the program from ending.
    timer.current = setTimeout(() => setToast(undefined), next.link === undefined ? toastMs : linkMs).unref();
    setToast(next);
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
