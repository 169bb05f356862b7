/** How a stretch of CPU sampling is run. */
export interface Pace {
  /** CPU time between two samples of a thread. */
  readonly periodNs: number;
  /** Part of the time during which the samplers run: less than 1 where threads switch so often that it would be dear. */
  readonly onShare: number;
}

/** What the sampled threads did of late, a second. */
export interface ThreadLoad {
  /** CPU time, in cores. */
  readonly cores: number;
  /** How often one of them was put on a CPU. */
  readonly turns: number;
}

/** The kernel's own tick comes before a timer as long as this, which then costs little to start. */
const tickNs = 4e6;

/**
 * What putting a sampled thread on a CPU costs, in samples: the event's timer is started anew, which is what a sample
 * spends most on. Measured on 6.18: 8 µs with a period of 1 ms or less, 2.5 µs with 10 ms, where a rare sample takes 20 µs.
 */
export function samplesPerTurn(periodNs: number): number {
  return periodNs > tickNs ? 0.125 : 0.4;
}

/** A thread that was idle may fill a CPU in the next second: it then costs so many times the budget, until noticed. */
const mostOverspent = 20;
/** Of the budget, what threads may cost by being switched. */
const turnsPart = 0.5;

/** `share`: part of one core that sampling may take from the target; `nsPerSample`: what one takes. */
export function paceOf(load: ThreadLoad, share: number, nsPerSample: number): Pace {
  const slow = paceWith(load, share, nsPerSample, tickNs + 1);
  return slow.periodNs > tickNs ? slow : paceWith(load, share, nsPerSample, tickNs);
}

function paceWith(load: ThreadLoad, share: number, nsPerSample: number, periodNs: number): Pace {
  const allowedNs = share * 1e9;
  const turnsNs = load.turns * nsPerSample * samplesPerTurn(periodNs);
  const onShare = Math.min(1, (allowedNs * turnsPart) / Math.max(turnsNs, 1));
  const samples = (allowedNs - onShare * turnsNs) / nsPerSample;
  const shortestNs = nsPerSample / (mostOverspent * share);
  return { periodNs: Math.max((load.cores * onShare * 1e9) / samples, shortestNs), onShare };
}
