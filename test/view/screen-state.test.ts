import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/view/keys.ts';
import { applyAction, initialState, type ScreenFacts, type ScreenState } from '../../src/view/screen-state.ts';

const facts: ScreenFacts = {
  clockKeys: ['slot 3', 'slot 0', 'slot 1'],
  selected: 'slot 3',
  panels: ['clocks', 'why', 'threads'],
  scrollMost: { why: 5, threads: 0, help: 3 },
};

const pressed = (state: Partial<ScreenState>, ...actions: readonly (Action | readonly [Action, string])[]) =>
  actions.reduce<ScreenState>(
    (before, action) =>
      typeof action === 'string'
        ? applyAction(before, action, facts, '')
        : applyAction(before, action[0], facts, action[1]),
    { ...initialState, ...state },
  );

describe('choosing a clock', () => {
  it('starts from the one that is shown, and stops at both ends', () => {
    expect(pressed({}, 'next-clock').selected).toBe('slot 0');
    expect(pressed({}, 'previous-clock').selected).toBe('slot 3');
    expect(pressed({}, 'next-clock', 'next-clock', 'next-clock', 'next-clock').selected).toBe('slot 1');
  });

  it('jumps by row, and stays where there is no such row', () => {
    expect(pressed({}, ['jump', '2']).selected).toBe('slot 0');
    expect(pressed({ selected: 'slot 1' }, ['jump', '9']).selected).toBe('slot 1');
  });

  it('moves up and down while the clock table has the focus, to first and last', () => {
    expect(pressed({}, 'down').selected).toBe('slot 0');
    expect(pressed({}, 'last').selected).toBe('slot 1');
    expect(pressed({}, 'last', 'first').selected).toBe('slot 3');
  });
});

describe('panels', () => {
  it('takes the focus round in both directions', () => {
    expect(pressed({}, 'next-panel').focus).toBe('why');
    expect(pressed({}, 'next-panel', 'next-panel', 'next-panel').focus).toBe('clocks');
    expect(pressed({}, 'previous-panel').focus).toBe('threads');
  });

  it('zooms the focused panel and comes back', () => {
    expect(pressed({}, 'zoom').mode).toBe('chart');
    expect(pressed({ focus: 'threads' }, 'zoom').mode).toBe('threads');
    expect(pressed({ focus: 'threads' }, 'zoom', 'zoom').mode).toBe('overview');
    expect(pressed({ mode: 'why' }, 'back').mode).toBe('overview');
  });

  it('opens and closes why, mappings and help with the same key', () => {
    expect(pressed({}, 'why').mode).toBe('why');
    expect(pressed({}, 'why', 'why').mode).toBe('overview');
    expect(pressed({}, 'why', 'mappings').mode).toBe('mappings');
    expect(pressed({}, 'help', 'help').mode).toBe('overview');
  });

  it('scrolls no further than there is text, so that one key back always moves', () => {
    const far = pressed({ mode: 'why' }, 'page-down', 'page-down');
    expect(far.scroll.why).toBe(5);
    expect(applyAction(far, 'up', facts, '').scroll.why).toBe(4);
    expect(pressed({ mode: 'threads' }, 'down').scroll.threads).toBe(0);
  });

  it('begins every screen at its top', () => {
    expect(pressed({ mode: 'why', scroll: { why: 4 } }, 'back').scroll).toEqual({});
    expect(pressed({ scroll: { why: 4 } }, 'why').scroll).toEqual({});
  });

  it('turns the page of help instead of choosing clocks', () => {
    const turned = pressed({ mode: 'help' }, 'next-clock');
    expect([turned.helpPage, turned.selected]).toEqual([1, undefined]);
  });

  it('switches the scale', () => expect(pressed({}, 'scale', 'scale', 'scale').scale).toBe('log'));

  it('leaves the state alone for what is not about looking', () => {
    expect(applyAction(initialState, 'pause', facts, 'space')).toBe(initialState);
  });
});
