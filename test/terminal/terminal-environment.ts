/** The environment of a user's terminal: that of this process without CI, on an xterm with UTF-8, and with `changes`. */
export function terminalEnvironment(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { CI, ...own } = process.env;
  return { ...(own as Record<string, string>), TERM: 'xterm-256color', LANG: 'C.UTF-8', ...changes };
}
