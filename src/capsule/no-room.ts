/** What the system says where a file may not grow, by errno name: a sentence's end. */
export const noRoom = {
  ENOSPC: 'no space left on the disk',
  EFBIG: 'it is as large as files may be here (ulimit -f)',
} as const;
