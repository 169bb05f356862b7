/** As sentences of analysis/ have it: of a watch as short as this the number is told, and not the rate that it comes to alone. */
export function isShortWatch(seconds: number): boolean {
  return seconds < 1.5;
}
