/** Why a capsule cannot be opened: it is none, it is broken, or it was made by a vdsotop that says more than this one. */
export type ProblemKind = 'not-a-capsule' | 'damaged' | 'newer';

/** The message is the rest of a sentence that begins with the file's name: 'is not a capsule: …'. */
export class CapsuleProblem extends Error {
  readonly kind: ProblemKind;

  constructor(kind: ProblemKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

export function damaged(why: string): CapsuleProblem {
  return new CapsuleProblem('damaged', `is damaged: ${why}`);
}
