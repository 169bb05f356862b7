/** Runs a task again and again, one run at a time and one chain of runs whatever happens meanwhile. */
export interface Ticker {
  /** Begins, or goes on in the new rhythm. */
  start(): void;
  stop(): void;
}

/**
 * `delayMs` is asked before each run, with the number of runs so far and the milliseconds since the first start. A task
 * that answers false ends the chain.
 */
export function createTicker(task: () => Promise<boolean>, delayMs: (runs: number, ranMs: number) => number): Ticker {
  let timer: NodeJS.Timeout | undefined;
  /** Of the chain that may go on: a start or stop during a run leaves that run's own chain behind. */
  let chain = 0;
  let runs = 0;
  let startedMs: number | undefined;

  const arm = (mine: number) => {
    startedMs ??= performance.now();
    timer = setTimeout(
      async () => {
        runs += 1;
        const more = await task();
        if (more && mine === chain) arm(mine);
      },
      delayMs(runs, performance.now() - startedMs),
    );
  };

  const stop = () => {
    chain += 1;
    clearTimeout(timer);
  };

  return {
    stop,
    start() {
      stop();
      arm(chain);
    },
  };
}
