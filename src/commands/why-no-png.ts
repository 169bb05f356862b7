import { printable } from '../view/printable.ts';

/** Why a PNG could not be drawn, in one line that a person can act on. */
export function whyNoPng(reason: unknown): Error {
  const [line = ''] = String(reason instanceof Error ? reason.message : reason).split('\n');
  const missing = /resvg/.test(line) && /Cannot find|native binding|ERR_MODULE/i.test(line);
  return new Error(missing ? 'the optional package @resvg/resvg-js is not installed' : printable(line));
}
