/** What stands between vdsotop and the terminal that has the clipboard. */
export type Multiplexer = 'none' | 'tmux' | 'screen';

/** Terminals drop what is longer than about this, and say nothing; base64 included. */
const mostCharacters = 74_994;
/** GNU screen takes no longer string than 768 bytes (its MAXSTR). */
const screenChunk = 600;

/**
 * The bytes that ask a terminal to put the text on its clipboard (xterm control sequences, OSC 52); undefined where it
 * is more than terminals take. tmux takes it itself (set-clipboard on) or hands it on wrapped (allow-passthrough on), so
 * it is sent both ways; screen hands on pieces. No terminal says whether it did it.
 */
export function osc52(text: string, multiplexer: Multiplexer): string | undefined {
  const base64 = Buffer.from(text, 'utf8').toString('base64');
  if (base64.length > mostCharacters) return undefined;
  return wrap[multiplexer](base64);
}

const esc = '\u001b';
const st = `${esc}\\`;
const start = `${esc}]52;c;`;

const wrap: Readonly<Record<Multiplexer, (base64: string) => string>> = {
  none: (base64) => `${start}${base64}${st}`,
  tmux: (base64) => {
    const bare = `${start}${base64}${st}`;
    return `${bare}${esc}Ptmux;${bare.replaceAll(esc, esc + esc)}${st}`;
  },
  // ST would end the piece that it stands in: here BEL ends the sequence.
  screen: (base64) =>
    `${start}${base64}\u0007`.replaceAll(new RegExp(`[^]{1,${screenChunk}}`, 'g'), (piece) => `${esc}P${piece}${st}`),
};

/** By the variables that both set for what runs in them. */
export function multiplexerOf({ TMUX, STY, TERM = '' }: NodeJS.ProcessEnv): Multiplexer {
  if (TMUX) return 'tmux';
  return STY || TERM.startsWith('screen') ? 'screen' : 'none';
}
