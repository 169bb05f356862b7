/** A kernel of the lab: whatever Debian's suite ships of that series today. */
export interface Kernel {
  /** As scenarios name it. */
  readonly name: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly suite: string;
  /** What its version begins with; a suite that has moved on to another series is skipped. */
  readonly series: string;
}

export const kernels = [
  { name: '5.10', architecture: 'amd64', suite: 'bullseye', series: '5.10.' },
  { name: '6.1', architecture: 'amd64', suite: 'bookworm', series: '6.1.' },
  { name: '6.12', architecture: 'amd64', suite: 'trixie', series: '6.12.' },
  { name: '7', architecture: 'amd64', suite: 'forky', series: '7.' },
  { name: '6.1-arm64', architecture: 'arm64', suite: 'bookworm', series: '6.1.' },
  { name: '6.12-arm64', architecture: 'arm64', suite: 'trixie', series: '6.12.' },
] as const satisfies readonly Kernel[];

export type KernelName = (typeof kernels)[number]['name'];
