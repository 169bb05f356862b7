import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { KernelLogLine } from '../../model/host.ts';
import { errorText } from '../reading.ts';

/** One record of the kernel's ring buffer (Documentation/ABI/testing/dev-kmsg). */
export interface KmsgRecord extends KernelLogLine {
  /** Counts from 0 at boot. */
  readonly sequence: number;
  /** False for what a program wrote into /dev/kmsg: the kernel alone writes facility 0. */
  readonly fromKernel: boolean;
}

export interface KmsgBatch {
  readonly records: readonly KmsgRecord[];
  /** Whether everything that was there has been read. */
  readonly atEnd: boolean;
  /** Records between these, or before them, were overwritten before they could be read. */
  readonly lost: boolean;
}

export interface KmsgReader {
  /** Up to `limit` records from where the last batch ended, the oldest still held to begin with. Never waits. */
  read(limit: number): KmsgBatch;
  close(): void;
}

export const kmsgPath = '/dev/kmsg';
/** A record with its properties has at most PRINTK_MESSAGE_MAX (2,048) bytes; a shorter buffer is answered EINVAL. */
const recordBytes = 8_192;

/** Throws as node:fs when /dev/kmsg cannot be opened. */
export function openKmsg(): KmsgReader {
  const fd = openSync(kmsgPath, constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.allocUnsafe(recordBytes);
  return {
    read(limit) {
      const records: KmsgRecord[] = [];
      let lost = false;
      for (let count = 0; count < limit; count += 1) {
        const text = readRecord(fd, buffer);
        if (text === 'end') return { records, atEnd: true, lost };
        lost ||= text === 'overwritten';
        const record = parseKmsgRecord(text);
        if (record !== undefined) records.push(record);
      }
      return { records, atEnd: false, lost };
    },
    close: () => closeSync(fd),
  };
}

/** EAGAIN: nothing more. EPIPE: the record was overwritten while we looked, the next read gives the oldest one left. */
function readRecord(fd: number, buffer: Buffer): string {
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer));
  } catch (error) {
    const code = errorText(error);
    if (code === 'EAGAIN') return 'end';
    if (code === 'EPIPE') return 'overwritten';
    throw error;
  }
}

/** 'priority,sequence,microseconds,flags[,…];text', then continuation lines. Control characters come escaped as \xNN. */
export function parseKmsgRecord(record: string): KmsgRecord | undefined {
  const match = /^(\d+),(\d+),(\d+),[^;]*;([^\n]*)/.exec(record);
  if (match === null) return undefined;
  const [, priority, sequence, microseconds, text = ''] = match;
  return {
    sequence: Number(sequence),
    fromKernel: Number(priority) >> 3 === 0,
    bootSeconds: Number(microseconds) / 1e6,
    text,
  };
}
