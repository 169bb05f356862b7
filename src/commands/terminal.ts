/** Whether there is a person at a terminal that can show a full screen. */
export function hasScreen(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.TERM !== 'dumb';
}

/** Braille needs a UTF-8 locale and a font; the Linux console's has neither (drivers/tty/vt/cp437.uni). */
export function defaultSymbols(): 'braille' | 'block' | 'ascii' {
  const locale = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || '';
  if (!/utf-?8/i.test(locale)) return 'ascii';
  return process.env.TERM === 'linux' ? 'ascii' : 'braille';
}
