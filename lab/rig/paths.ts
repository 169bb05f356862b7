import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
/** Everything that was downloaded or unpacked; git ignores it. */
export const cache = join(root, 'lab/.cache');
/** What guests that came to their end too early said. */
export const consoles = join(cache, 'consoles');
export const modules = join(root, 'node_modules');
const allImages = join(cache, 'images');
/** Where this run makes its images: two may run at once. */
export const images = join(allImages, String(process.pid));

/** Takes away what runs left that were killed: a guest's files are half a gigabyte. */
export function removeLeftImages(): void {
  if (!existsSync(allImages)) return;
  for (const pid of readdirSync(allImages))
    if (!existsSync(`/proc/${pid}`)) rmSync(join(allImages, pid), { recursive: true, force: true });
}
