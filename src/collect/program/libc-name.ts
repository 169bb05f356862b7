import { basename } from 'node:path';
import type { Libc } from '../../model/program.ts';

/** How the files of a libc are called, as maps shows them: the real file, links resolved. */
const names: readonly { readonly name: Libc['name']; readonly pattern: RegExp }[] = [
  { name: 'musl', pattern: /^(ld-musl-[\w.]+\.so\.1|libc\.musl-\w+\.so\.1)$/ },
  { name: 'uclibc', pattern: /^(libuClibc-[\d.]+|ld\d*-uClibc[-\d.]*)\.so/ },
  { name: 'klibc', pattern: /^klibc-[\w-]+\.so$/ },
  { name: 'glibc', pattern: /^libc(-2\.\d+|\.so\.6)/ },
];

/** Debian installs musl as /lib/x86_64-linux-musl/libc.so, Android's libc is /apex/com.android.runtime/lib64/bionic/libc.so. */
const directories: readonly { readonly name: Libc['name']; readonly pattern: RegExp }[] = [
  { name: 'musl', pattern: /musl[^/]*\/(lib\/)?libc\.so$/ },
  { name: 'bionic', pattern: /(\/bionic|^\/system\/lib(64)?)\/libc\.so$/ },
];

/** Which libc a shared file is by its path; undefined for any other library. */
export function libcOfName(path: string): Libc['name'] | undefined {
  const file = basename(path);
  return (
    names.find(({ pattern }) => pattern.test(file))?.name ?? directories.find(({ pattern }) => pattern.test(path))?.name
  );
}
