/** What is judged of a target that is watched: a cause that has ended leaves the screen after so long. */
export const liveWindowMs = 10_000;
