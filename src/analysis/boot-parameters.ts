/** What the kernel itself reads of its command line, a word each: what stands behind '--' is for init (init/main.c). */
export function bootParameters(commandLine: string): readonly string[] {
  const words = commandLine.split(/\s+/);
  return words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
}
