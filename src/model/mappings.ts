/** One line of /proc/PID/maps that concerns clock reads. Addresses are hexadecimal strings without 0x (64 bits). */
export interface Mapping {
  readonly name: '[vdso]' | '[vvar]' | '[vvar_vclock]' | '[vsyscall]';
  readonly start: string;
  readonly end: string;
  readonly permissions: string;
  readonly sizeBytes: number;
}

export interface MappingSummary extends Mapping {
  /** What is unusual about it, one sentence; absent when nothing is. */
  readonly unusual?: string;
}
