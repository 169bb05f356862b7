/** What every C source of vdsotop promises to compile under: the library, the demo workload and the self-test. */
export const cFlags = ['-std=gnu17', '-O2', '-Wall', '-Wextra', '-Werror', '-D_GNU_SOURCE'];

/** Stops at the first error that AddressSanitizer or UndefinedBehaviorSanitizer sees. */
export const sanitizerFlags = [
  '-g',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
];
