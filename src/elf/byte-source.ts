/** Bytes of a file or an image that are read where they are needed: a program may have hundreds of megabytes. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `offset` on, fewer than `length` (or none) at the end. They may be overwritten by the next read. */
  read(offset: number, length: number): Uint8Array;
}
