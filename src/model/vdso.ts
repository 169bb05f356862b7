/** A vDSO image: where it is mapped, what it exports, and its GNU build id (hexadecimal) where it has one. */
export interface VdsoImage {
  readonly base: string;
  readonly sizeBytes: number;
  readonly buildId: string | undefined;
  readonly hashTables: readonly ('sysv' | 'gnu')[];
  readonly symbols: readonly { readonly name: string; readonly offset: number }[];
}

/** The target's own vDSO image, and how it compares with ours. */
export interface TargetVdso {
  readonly image: VdsoImage;
  /** Whether its bytes are those of vdsotop's own vDSO; an image of the other word size is never the same. */
  readonly sameAsOurs: boolean;
  /** Offsets (from its start) of the first bytes that differ, at most eight; empty when none do. */
  readonly differsAt: readonly number[];
}
