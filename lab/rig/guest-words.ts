import { gunzipSync } from 'node:zlib';
import type { Said } from '../results/kept.ts';

/** Reads the lines of lab/guest/init out of everything that came over the console: what was said by scenario. */
export function readGuestWords(output: string): ReadonlyMap<string, Omit<Said, 'kernelVersion'>> {
  const text = output.replaceAll('\r', '');
  return new Map(
    [...text.matchAll(/^@@lab report (.+) (\S+) (\d+) (\d+)\n([^@]*)@@lab error \1\n([^@]*)@@lab end \1$/gm)].map(
      ([, id = '', status = '', before, after, report = '', error = '']) => {
        const nodeStartMs = Math.max(Number(before), Number(after));
        return [id, { status, nodeStartMs, report: unpack(report), error: unpack(error) }];
      },
    ),
  );
}

function unpack(base64: string): string {
  const packed = Buffer.from(base64.replace(/\s/g, ''), 'base64');
  return packed.length === 0 ? '' : gunzipSync(packed).toString('utf8');
}
