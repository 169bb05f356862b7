/** A stretch of a target's memory that may be executed, as /proc/PID/maps has it. */
export interface CodeMapping {
  readonly start: number;
  readonly end: number;
  /** Both in hexadecimal: the name of the mapping's link in /proc/PID/map_files. */
  readonly range: string;
  /** Where in the file the mapping begins. */
  readonly offset: number;
  readonly device: string;
  readonly inode: string;
  /** '' for anonymous memory; else the target's own text, not cleaned, one character a byte. */
  readonly name: string;
}
