/** Samples of the newest time that a session keeps, ten minutes at two a second; older ones make room. */
export const samplesKept = 1_200;
