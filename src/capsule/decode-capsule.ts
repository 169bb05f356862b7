import { createHash } from 'node:crypto';
import { damaged } from './capsule-problem.ts';
import { createRecordReader, type ReadCapsule, type ReaderOptions } from './record-reader.ts';

/**
 * The capsule that a text holds (docs/capsule.md), whole or up to the last line that was written whole. Throws a
 * CapsuleProblem for a text that is none.
 */
export function decodeCapsule(text: string, options: ReaderOptions): ReadCapsule {
  const decoder = createCapsuleDecoder(options);
  decoder.push(text);
  return decoder.finish();
}

/** The same for text that comes in pieces. */
export interface CapsuleDecoder {
  push(text: string): void;
  finish(): ReadCapsule;
}

/** No line of a real capsule is nearly as long: what claims to be one is not read into memory. */
const longestLine = 16 * 1024 * 1024;

export function createCapsuleDecoder(options: ReaderOptions): CapsuleDecoder {
  const reader = createRecordReader(options);
  const hash = createHash('sha256');
  let lines = 0;
  let rest = '';

  const readLine = (line: string) => {
    reader.line(line, () => hash.copy().digest('hex'));
    hash.update(`${line}\n`);
    lines += 1;
  };

  return {
    push(text) {
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        refuseTooLong(rest.length + end - start);
        readLine(rest + text.slice(start, end));
        rest = '';
        start = end + 1;
      }
      rest += text.slice(start);
      refuseTooLong(rest.length);
    },
    finish() {
      // A line without its end was never written whole; only a first line may still say what this is not.
      if (lines === 0 && rest !== '') readLine(rest);
      return reader.finish();
    },
  };
}

function refuseTooLong(length: number): void {
  if (length > longestLine) throw damaged(`it has a line of more than ${longestLine / 1024 / 1024} MiB`);
}
