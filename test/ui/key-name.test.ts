import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { keyNames } from '../../src/ui/key-name.ts';

const key = (changes: Partial<Key> = {}): Key => ({
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
  ...changes,
});

describe('keyNames', () => {
  it.each([
    ['q', key(), ['q']],
    [' ', key(), ['space']],
    ['L', key({ shift: true }), ['L']],
    ['', key({ leftArrow: true }), ['left']],
    ['', key({ pageDown: true }), ['pagedown']],
    ['\r', key({ return: true }), ['enter']],
    ['', key({ escape: true, meta: true }), ['escape']],
    ['\t', key({ tab: true }), ['tab']],
    ['', key({ tab: true, shift: true }), ['shift+tab']],
    ['c', key({ ctrl: true }), ['ctrl+c']],
    ['x', key({ meta: true }), []],
    ['jj]', key(), ['j', 'j', ']']],
    ['ab \r', key(), ['a', 'b', 'space', 'enter']],
  ])('names %j', (input, pressed, names) => expect(keyNames(input, pressed)).toEqual(names));
});
