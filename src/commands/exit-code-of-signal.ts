import { constants } from 'node:os';

/** 128+n, as every shell tells that signal n ended a command. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
