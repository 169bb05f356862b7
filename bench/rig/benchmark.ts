/** One thing that must hold, measured beside its peer in one run. */
export interface Benchmark {
  /** As given to --only. */
  readonly name: string;
  readonly title: string;
  run(context: BenchmarkContext): Promise<Outcome>;
}

export interface BenchmarkContext {
  /** Fewer rounds: enough to see whether something is badly off, too few to claim a figure. */
  readonly quick: boolean;
  /** One line of progress for whoever waits. */
  readonly progress: (line: string) => void;
}

export interface Outcome {
  /** How it was measured: whole sentences. */
  readonly how: readonly string[];
  readonly rows: readonly Row[];
  /** What a reader should know beside the figures: whole sentences. */
  readonly notes: readonly string[];
  /** Every single figure behind the rows, by what it is with its unit. */
  readonly raw: Readonly<Record<string, readonly number[]>>;
}

export interface Row {
  readonly what: string;
  /** With its unit. */
  readonly figure: string;
  /** 'min to max' or a confidence interval, saying which. */
  readonly spread: string;
  /** What it stands beside, measured in the same run. */
  readonly peer: string;
  /** What must hold; '' where the figure is only stated. */
  readonly bound: string;
  /** Undefined where nothing is promised. */
  readonly met: boolean | undefined;
}
