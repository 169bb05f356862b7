/** A value with the interval it lies in. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
