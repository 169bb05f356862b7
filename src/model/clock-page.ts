/** The kernel's clock data page as our own process sees it (FACTS.md §6). */
export interface ClockPage {
  /** Byte offset of the time data in [vvar] at which the layout was recognised. */
  readonly offset: number;
  /** 'none' means every precise clock falls back; the other modes may still fall back at run time. */
  readonly clockMode: 'none' | 'tsc' | 'pvclock' | 'hvclock' | 'timens' | 'archtimer' | 'unknown';
  readonly seq: number;
  /** Updates of the page a second, from two reads of seq (it advances by twos), over `rateWindowMs`. */
  readonly updatesPerSecond: number;
  readonly rateWindowMs: number;
}
