/** Documented in the README and the man page; 'failed' is for what was asked to hold and does not. */
export const exitCodes = { ok: 0, usage: 2, noProcess: 3, permission: 4, unsupported: 5, failed: 6 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error for the person at the keyboard: one line saying what happened, why, and what to do. */
export class UserError extends Error {
  readonly exitCode: number;
  /** Lines below it: what was typed, and the place in it. */
  readonly place: readonly string[];

  constructor(message: string, exitCode: number, place: readonly string[] = []) {
    super(message);
    this.exitCode = exitCode;
    this.place = place;
  }
}
