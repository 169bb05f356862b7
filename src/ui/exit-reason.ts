/** Why a live screen was left: by key, by a signal to vdsotop, or because its terminal is gone. */
export type ExitReason =
  | { readonly kind: 'quit' }
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  | { readonly kind: 'terminal-gone' };
