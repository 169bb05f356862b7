/** A process to choose from. Its text is clean. */
export interface ProcessRow {
  readonly pid: number;
  readonly comm: string;
  readonly uid: number;
  /** Name of the user where /etc/passwd has it, else the uid as text. */
  readonly user: string;
  readonly threads: number;
  /** User + system time so far: the difference of two lists is CPU use. A tick is 1/100 s (USER_HZ). */
  readonly cpuTicks: number;
  /** Tells a reused pid from the process it was. */
  readonly startTimeTicks: number;
  /** Arguments joined by spaces; the name in brackets where there are none. */
  readonly commandLine: string;
}
