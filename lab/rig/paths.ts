import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
/** Everything that was downloaded or unpacked; git ignores it. */
export const cache = join(root, 'lab/.cache');
export const modules = join(root, 'node_modules');
/** Where this run makes its images: two may run at once. */
export const images = join(cache, 'images', String(process.pid));
