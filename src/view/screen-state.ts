import type { Scale } from './drawing.ts';
import type { Action } from './keys.ts';

export type PanelId = 'clocks' | 'why' | 'callSites' | 'threads' | 'mappings' | 'events' | 'chart';

/** What fills the screen below the header. */
export type Mode = 'overview' | 'chart' | 'why' | 'callSites' | 'threads' | 'mappings' | 'events' | 'help' | 'trace';

/** Everything the person at the keyboard has chosen. What is measured is not in here. */
export interface ScreenState {
  readonly mode: Mode;
  readonly focus: PanelId;
  /** Key of the chosen row of the clock table; undefined until one is chosen, then the first slow clock is shown. */
  readonly selected: string | undefined;
  readonly scale: Scale;
  readonly helpPage: number;
  /** The clock table shows what changed from the baseline, where one is set. */
  readonly comparing: boolean;
  /** The second step of a key: the next one chooses from it. */
  readonly menu?: 'copy' | undefined;
  readonly scroll: Readonly<Partial<Record<ScrollId, number>>>;
}

export type ScrollId = Mode | PanelId;

/** What of the screen as last shown the keys refer to. */
export interface ScreenFacts {
  readonly clockKeys: readonly string[];
  readonly selected: string | undefined;
  readonly panels: readonly PanelId[];
  readonly scrollMost: Readonly<Partial<Record<ScrollId, number>>>;
}

export const initialState: ScreenState = {
  mode: 'overview',
  focus: 'clocks',
  selected: undefined,
  scale: 'linear',
  helpPage: 0,
  comparing: false,
  scroll: {},
};

const zoomed: Readonly<Partial<Record<PanelId, Mode>>> = {
  clocks: 'chart',
  chart: 'chart',
  why: 'why',
  callSites: 'callSites',
  threads: 'threads',
  mappings: 'mappings',
  events: 'events',
};

type Step = (state: ScreenState, facts: ScreenFacts, key: string) => ScreenState;

/** The actions that only change what is looked at; the others concern the session or the terminal. */
const steps: Readonly<Partial<Record<Action, Step>>> = {
  'previous-clock': (state, facts) => (state.mode === 'help' ? turnPage(state) : select(state, facts, -1)),
  'next-clock': (state, facts) => (state.mode === 'help' ? turnPage(state) : select(state, facts, 1)),
  jump: (state, facts, key) => ({ ...state, selected: facts.clockKeys[Number(key) - 1] ?? state.selected }),
  up: (state, facts) => move(state, facts, -1),
  down: (state, facts) => move(state, facts, 1),
  'page-up': (state, facts) => move(state, facts, -10),
  'page-down': (state, facts) => move(state, facts, 10),
  first: (state, facts) => move(state, facts, -Infinity),
  last: (state, facts) => move(state, facts, Infinity),
  'next-panel': (state, facts) => (state.mode === 'help' ? turnPage(state) : focus(state, facts, 1)),
  'previous-panel': (state, facts) => (state.mode === 'help' ? turnPage(state) : focus(state, facts, -1)),
  zoom: (state) => show(state, state.mode === 'overview' ? (zoomed[state.focus] ?? 'overview') : 'overview'),
  back: (state) => show(state, 'overview'),
  why: (state) => toggle(state, 'why'),
  'call-sites': (state) => toggle(state, 'callSites'),
  mappings: (state) => toggle(state, 'mappings'),
  help: (state) => ({ ...toggle(state, 'help'), helpPage: 0 }),
  difference: (state) => ({ ...state, comparing: !state.comparing }),
  scale: (state) => ({ ...state, scale: state.scale === 'linear' ? 'log' : 'linear' }),
};

/** The state after an action; the same object when the action is not one of looking. */
export function applyAction(state: ScreenState, action: Action, facts: ScreenFacts, key: string): ScreenState {
  return steps[action]?.(state, facts, key) ?? state;
}

/** Another mode begins at its top. */
export function show(state: ScreenState, mode: Mode): ScreenState {
  return { ...state, mode, scroll: {} };
}

function toggle(state: ScreenState, mode: Mode): ScreenState {
  return show(state, state.mode === mode ? 'overview' : mode);
}

function turnPage(state: ScreenState): ScreenState {
  return { ...state, helpPage: state.helpPage === 0 ? 1 : 0, scroll: { ...state.scroll, help: 0 } };
}

function select(state: ScreenState, { clockKeys, selected }: ScreenFacts, by: number): ScreenState {
  const chosen = clockKeys.indexOf(state.selected ?? '');
  const from = chosen >= 0 ? chosen : Math.max(clockKeys.indexOf(selected ?? ''), 0);
  const to = clamp(from + by, clockKeys.length - 1);
  return { ...state, selected: clockKeys[to] ?? state.selected, scroll: { ...state.scroll, why: 0, callSites: 0 } };
}

/** Up and down: through the clocks where the clock table has the focus or the chart is shown, else a scroll. */
function move(state: ScreenState, facts: ScreenFacts, by: number): ScreenState {
  const id: ScrollId = state.mode === 'overview' ? state.focus : state.mode;
  if (id === 'clocks' || id === 'chart') return select(state, facts, by);
  const most = facts.scrollMost[id] ?? 0;
  return { ...state, scroll: { ...state.scroll, [id]: clamp((state.scroll[id] ?? 0) + by, most) } };
}

function focus(state: ScreenState, { panels }: ScreenFacts, by: number): ScreenState {
  if (panels.length === 0) return state;
  const at = Math.max(panels.indexOf(state.focus), 0);
  return { ...show(state, 'overview'), focus: panels[(at + by + panels.length) % panels.length] ?? state.focus };
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), Math.max(most, 0));
}
