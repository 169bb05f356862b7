import { PassThrough, Writable } from 'node:stream';
import xterm from '@xterm/headless';

/** A terminal that is not there: what is written is shown by @xterm/headless, and keys are bytes on its input. */
export interface FakeTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Everything written so far. */
  written(): string;
  /** The rows of the screen as a person sees them. */
  screen(): Promise<string>;
  onAlternateScreen(): Promise<boolean>;
  isRaw(): boolean;
  press(keys: string): void;
  resize(columns: number, rows: number): void;
  /** The terminal goes away: reading it fails as it does on Linux. */
  hangUp(): void;
}

export function fakeTerminal(columns: number, rows: number): FakeTerminal {
  // convertEol does what the line discipline of a real terminal does (ONLCR).
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0, convertEol: true });
  let written = '';
  let raw = false;
  let isGone = false;
  const settled = () => new Promise<void>((resolve) => terminal.write('', resolve));
  const stdout = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        terminal.write(new Uint8Array(chunk), done);
      },
    }),
    { columns, rows, isTTY: true },
  );
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(mode: boolean) {
      // As node:tty does it: by an event, before it returns.
      if (isGone) stdin.emit('error', Object.assign(new Error('setRawMode EIO'), { code: 'EIO' }));
      else raw = mode;
      return stdin;
    },
    ref: () => stdin,
    unref: () => stdin,
  });
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    written: () => written,
    async screen() {
      await settled();
      const buffer = terminal.buffer.active;
      const lines = Array.from(
        { length: terminal.rows },
        (_, row) => buffer.getLine(row)?.translateToString(true, 0, terminal.cols) ?? '',
      );
      return lines.join('\n');
    },
    async onAlternateScreen() {
      await settled();
      return terminal.buffer.active.type === 'alternate';
    },
    isRaw: () => raw,
    press: (keys) => stdin.write(keys),
    resize(nextColumns, nextRows) {
      terminal.resize(nextColumns, nextRows);
      Object.assign(stdout, { columns: nextColumns, rows: nextRows });
      stdout.emit('resize');
    },
    hangUp() {
      isGone = true;
      stdin.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }));
    },
  };
}

/** Waits until the screen shows (or no longer shows) something; fails with the screen as it then is. */
export async function see(terminal: FakeTerminal, wanted: string | RegExp, shown = true): Promise<string> {
  const deadlineMs = performance.now() + 3_000;
  for (;;) {
    const screen = await terminal.screen();
    if ((typeof wanted === 'string' ? screen.includes(wanted) : wanted.test(screen)) === shown) return screen;
    if (performance.now() > deadlineMs)
      throw new Error(`the screen ${shown ? 'never showed' : 'still shows'} ${wanted}:\n${screen}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
