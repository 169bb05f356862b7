import { formatBytes } from '../view/format.ts';
import { copyNatively } from './native-clipboard.ts';
import { originalEnvironment } from './original-environment.ts';
import { multiplexerOf, osc52 } from './osc52.ts';

export type ClipboardWay = 'auto' | 'osc52' | 'native' | 'off';

/**
 * Copies a text, and says how in words that hold: no terminal answers whether it took it. OSC 52 goes first, because it
 * reaches the person's own terminal over SSH, where a program of the host succeeds into nothing.
 */
export async function copyText(text: string, way: ClipboardWay, write: (bytes: string) => void): Promise<string> {
  if (way === 'off') return 'not copied (--clipboard off)';
  const byTerminal = way === 'native' ? undefined : sendToTerminal(text, write);
  const program = way === 'osc52' ? undefined : await copyNatively(text);
  const byProgram = program === undefined ? undefined : `copied by ${program}`;
  const done = [byTerminal, byProgram].filter((words) => words !== undefined).join(', ');
  const size = formatBytes(Buffer.byteLength(text));
  return done === '' ? 'not copied: no wl-copy, xclip, xsel or tmux answers here' : `${size} ${done}`;
}

function sendToTerminal(text: string, write: (bytes: string) => void): string {
  const sequence = osc52(text, multiplexerOf(originalEnvironment));
  if (sequence === undefined) return 'NOT SENT: too much for OSC 52';
  write(sequence);
  return "sent to the terminal's clipboard (OSC 52)";
}
