import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
export const vdsotop = join(root, 'bin/vdsotop');
export const nativeLibraryPath = join(root, 'dist/libvdsotop.so');
