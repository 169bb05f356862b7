import { PassThrough, Writable } from 'node:stream';

/** A terminal of 120 × 40 on which nobody looks. */
export interface SilentTerminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  /** Everything that was written to it. */
  bytes(): number;
  press(keys: string): void;
  /** Resolves with the next thing that is written to it. */
  written(): Promise<void>;
}

export function silentTerminal(): SilentTerminal {
  let bytes = 0;
  let wake = () => {};
  const sink = new Writable({
    write(chunk: Buffer, _, done) {
      bytes += chunk.length;
      wake();
      done();
    },
  });
  const stdout = Object.assign(sink, { isTTY: true, columns: 120, rows: 40 });
  const self = { isTTY: true, setRawMode: () => stdin, ref: () => stdin, unref: () => stdin };
  const stdin = Object.assign(new PassThrough(), self);
  return {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    bytes: () => bytes,
    press: (keys) => stdin.write(keys),
    written: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}
