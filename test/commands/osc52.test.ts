import { expect, it } from 'vitest';
import { multiplexerOf, osc52 } from '../../src/commands/osc52.ts';

const esc = '\u001b';
const text = 'µ '.repeat(600);
const base64 = Buffer.from(text).toString('base64');

it('ends with ST and holds the text in base64', () => {
  expect(osc52('hé', 'none')).toBe(`${esc}]52;c;aMOp${esc}\\`);
});

it('reaches tmux and, wrapped with every ESC doubled, the terminal around it', () => {
  const bare = `${esc}]52;c;aA==${esc}\\`;
  expect(osc52('h', 'tmux')).toBe(`${bare}${esc}Ptmux;${esc}${esc}]52;c;aA==${esc}${esc}\\${esc}\\`);
});

it('goes through screen in pieces that it takes, and is whole behind it', () => {
  const sequence = osc52(text, 'screen') ?? '';
  const pieces = sequence.split(`${esc}\\`).slice(0, -1);
  expect(pieces.length).toBeGreaterThan(2);
  for (const piece of pieces) expect(piece.length).toBeLessThan(768);
  expect(pieces.map((piece) => piece.replace(`${esc}P`, '')).join('')).toBe(`${esc}]52;c;${base64}\u0007`);
});

it('is refused where terminals would drop it', () => {
  expect(osc52('x'.repeat(56_000), 'none')).toBeDefined();
  expect(osc52('x'.repeat(56_300), 'none')).toBeUndefined();
});

it.each([
  [{}, 'none'],
  [{ TERM: 'xterm-256color' }, 'none'],
  [{ TERM: 'screen-256color', TMUX: '/tmp/tmux-0/default,1,0' }, 'tmux'],
  [{ TERM: 'screen' }, 'screen'],
  [{ TERM: 'xterm', STY: '12.pts-0.host' }, 'screen'],
] as const)('%o stands behind %s', (env, multiplexer) => {
  expect(multiplexerOf(env)).toBe(multiplexer);
});
