/** Everything a key can ask for. */
export type Action =
  | 'previous-clock'
  | 'next-clock'
  | 'jump'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'next-panel'
  | 'previous-panel'
  | 'zoom'
  | 'back'
  | 'why'
  | 'call-sites'
  | 'mappings'
  | 'scale'
  | 'pause'
  | 'step-back'
  | 'step-forward'
  | 'jump-back'
  | 'jump-forward'
  | 'oldest'
  | 'newest'
  | 'reset'
  | 'baseline'
  | 'difference'
  | 'slower'
  | 'faster'
  | 'record'
  | 'save'
  | 'copy'
  | 'perf-trace'
  | 'help'
  | 'redraw'
  | 'suspend'
  | 'quit';

export type KeyGroup = 'clocks' | 'panels' | 'time' | 'other';

export interface KeyBinding {
  readonly action: Action;
  /** Canonical names: a character as typed, or left, up, pageup, home, enter, escape, tab, shift+tab, space, ctrl+c. */
  readonly keys: readonly string[];
  /** As help, README and man page print the keys. */
  readonly label: string;
  readonly help: string;
  readonly group: KeyGroup;
}

const bind = (group: KeyGroup, action: Action, keys: readonly string[], label: string, help: string): KeyBinding => ({
  action,
  keys,
  label,
  help,
  group,
});

/** The one table of keys. Input, the help overlay, the README's table and the man page are all made from it. */
export const keyTable: readonly KeyBinding[] = [
  bind('clocks', 'previous-clock', ['left', 'h', '['], '← h [', 'previous clock'),
  bind('clocks', 'next-clock', ['right', 'l', ']'], '→ l ]', 'next clock'),
  bind('clocks', 'jump', ['1', '2', '3', '4', '5', '6', '7', '8', '9'], '1–9', 'clock in that row of the table'),
  bind('clocks', 'why', ['x'], 'x', 'why: every cause with its evidence and fix'),
  bind('clocks', 'call-sites', ['c'], 'c', 'call sites: who reads the selected clock'),
  bind('clocks', 'zoom', ['enter', 'e'], 'Enter e', 'zoom the focused panel; a clock: its chart'),
  bind('clocks', 'scale', ['L'], 'L', 'chart: linear or log scale'),
  bind('panels', 'next-panel', ['tab'], 'Tab', 'focus the next panel'),
  bind('panels', 'previous-panel', ['shift+tab'], 'Shift-Tab', 'focus the previous panel'),
  bind('panels', 'up', ['up', 'k'], '↑ k', 'up in the focused list'),
  bind('panels', 'down', ['down', 'j'], '↓ j', 'down in the focused list'),
  bind('panels', 'page-up', ['pageup', 'ctrl+u'], 'PgUp Ctrl-U', 'ten rows up'),
  bind('panels', 'page-down', ['pagedown', 'ctrl+d'], 'PgDn Ctrl-D', 'ten rows down'),
  bind('panels', 'first', ['g', 'home'], 'g Home', 'to the first row'),
  bind('panels', 'last', ['G', 'end'], 'G End', 'to the last row'),
  bind('panels', 'mappings', ['v'], 'v', '[vdso], [vvar] and [vsyscall] mappings'),
  bind('panels', 'back', ['escape'], 'Esc', 'back to the overview'),
  bind('time', 'pause', ['space', 'p'], 'Space p', 'pause or resume; watching goes on'),
  bind('time', 'step-back', [','], ',', 'one sample back'),
  bind('time', 'step-forward', ['.'], '.', 'one sample forward'),
  bind('time', 'jump-back', ['<'], '<', 'ten seconds back'),
  bind('time', 'jump-forward', ['>'], '>', 'ten seconds forward'),
  bind('time', 'oldest', ['0'], '0', 'to the oldest moment kept'),
  bind('time', 'newest', ['$'], '$', 'to the newest moment'),
  bind('time', 'reset', ['r'], 'r', 'start window, coverage and curves anew'),
  bind('time', 'baseline', ['b'], 'b', 'baseline: the last ten seconds'),
  bind('time', 'difference', ['d'], 'd', 'difference from the baseline, on or off'),
  bind('time', 'slower', ['+', '='], '+', 'longer interval'),
  bind('time', 'faster', ['-'], '-', 'shorter interval'),
  bind('other', 'save', ['S', 'ctrl+s'], 'S Ctrl-S', 'save as SVG, PNG and Markdown'),
  bind('other', 'copy', ['y'], 'y', 'copy summary, Markdown, JSON or command'),
  bind('other', 'record', ['R'], 'R', 'record to a file, or end the recording'),
  bind('other', 'perf-trace', ['t'], 't', 'perf trace counts too (slow; asks first)'),
  bind('other', 'help', ['?'], '?', 'keys; second page: words and causes'),
  bind('other', 'redraw', ['ctrl+l'], 'Ctrl-L', 'redraw the screen'),
  bind('other', 'suspend', ['ctrl+z'], 'Ctrl-Z', 'suspend to the shell; fg comes back'),
  bind('other', 'quit', ['q', 'ctrl+c'], 'q Ctrl-C', 'quit; ends only what vdsotop started'),
];

const actions: ReadonlyMap<string, Action> = new Map(
  keyTable.flatMap(({ action, keys }) => keys.map((key) => [key, action] as const)),
);

/** What a key asks for, or undefined for a key without meaning. */
export function actionOf(key: string): Action | undefined {
  return actions.get(key);
}

export const keyGroupTitles: Readonly<Record<KeyGroup, string>> = {
  clocks: 'clocks',
  panels: 'panels and lists',
  time: 'time',
  other: 'other',
};
