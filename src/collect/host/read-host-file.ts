import type { Reading } from '../../model/reading.ts';
import { cleanText } from '../clean-text.ts';
import { readBytes } from '../read-file.ts';
import { available, errorText, isDenied, unavailable } from '../reading.ts';

/** A short text file of /proc or /sys that describes the host, trimmed and clean; its source is its path. */
export function readHostFile(path: string, whatIfAbsent?: string): Reading<string> {
  try {
    return available(cleanText(readBytes(path), 4_096), path);
  } catch (error) {
    const code = errorText(error);
    if (code === 'ENOENT') return unavailable('absent', whatIfAbsent ?? `${path} does not exist`);
    if (isDenied(code)) return unavailable('denied', `reading ${path}: ${code}`, `sudo cat ${path}`);
    return unavailable('failed', `reading ${path}: ${code}`);
  }
}
