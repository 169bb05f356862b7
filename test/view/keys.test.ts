import { describe, expect, it } from 'vitest';
import { actionOf, keyGroupTitles, keyTable } from '../../src/view/keys.ts';

describe('the key table', () => {
  it('gives no key two meanings', () => {
    const keys = keyTable.flatMap(({ keys }) => keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('shows each of its keys in the label, so that help never lags behind', () => {
    const spoken: Readonly<Record<string, string>> = {
      left: '←',
      right: '→',
      up: '↑',
      down: '↓',
      enter: 'Enter',
      escape: 'Esc',
      space: 'Space',
      tab: 'Tab',
      'shift+tab': 'Shift-Tab',
      pageup: 'PgUp',
      pagedown: 'PgDn',
      home: 'Home',
      end: 'End',
      'ctrl+c': 'Ctrl-C',
      'ctrl+l': 'Ctrl-L',
      'ctrl+z': 'Ctrl-Z',
      'ctrl+s': 'Ctrl-S',
      'ctrl+u': 'Ctrl-U',
      'ctrl+d': 'Ctrl-D',
    };
    for (const { keys, label } of keyTable)
      for (const key of keys) {
        if (/^[1-9]$/.test(key)) expect(label).toBe('1–9');
        else if (key !== '=') expect(label.split(' ')).toContain(spoken[key] ?? key);
      }
  });

  it('says in a line that fits a half screen what each does, in a known group', () => {
    for (const { help, group } of keyTable) {
      expect(help.length).toBeLessThanOrEqual(42);
      expect(keyGroupTitles[group]).toBeDefined();
    }
  });

  it('knows what the documented keys ask for, and nothing of others', () => {
    expect(['q', 'ctrl+c', ']', 'h', '7', 'space', ',', 'x', 'v', 'L', '?'].map(actionOf)).toEqual([
      'quit',
      'quit',
      'next-clock',
      'previous-clock',
      'jump',
      'pause',
      'step-back',
      'why',
      'mappings',
      'scale',
      'help',
    ]);
    expect(actionOf('Q')).toBeUndefined();
  });
});
