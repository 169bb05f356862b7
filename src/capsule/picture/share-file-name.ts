import type { Known } from '../../model/reading.ts';

/** What a file is about. */
export interface ShareSubject {
  readonly pid: number;
  readonly comm: Known<string>;
  /** Name of the clock that is looked at; absent where none is. */
  readonly clock?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** 'vdsotop-checkout-api-4711-MONOTONIC-20261128T031244Z', to which an extension is put. */
export function shareFileName({ pid, comm, clock, at }: ShareSubject): string {
  const stamp = `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const name = typeof comm === 'string' ? clean(comm) : '';
  return ['vdsotop', name, String(pid), clean(clock ?? ''), stamp].filter((part) => part !== '').join('-');
}

/** A process may call itself anything, a path or an option too: letters, digits and inner punctuation are left of it. */
function clean(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
    .slice(0, 32)
    .replaceAll(/^[._-]+|[._-]+$/g, '');
}
