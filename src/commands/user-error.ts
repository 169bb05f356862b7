/** Documented in the README and the man page; 6 is kept for failed assertions. */
export const exitCodes = { ok: 0, usage: 2, noProcess: 3, permission: 4, unsupported: 5 } as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error for the person at the keyboard: one line saying what happened, why, and what to do. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
