/** The libc a target runs on: told by the file it maps, or by what a static executable holds. */
export interface Libc {
  readonly name: 'glibc' | 'musl' | 'klibc' | 'dietlibc' | 'uclibc' | 'bionic' | 'none' | 'unknown';
  /** '2.36'; absent where it could not be told. */
  readonly version?: string;
  /** Of the shared file, or of the static executable it is part of. */
  readonly path?: string;
}

/** The language runtime whose clock code may not be libc's. */
export interface Runtime {
  readonly name: 'go' | 'jvm' | 'node' | 'python' | 'ruby' | 'erlang' | 'dotnet' | 'rust' | 'none';
  readonly version?: string;
  /** What is known of its clock path (FACTS.md §10), one sentence; absent where nothing is. */
  readonly clockPath?: string;
}

/** A clock function that another library than libc defines and that lookups find first. */
export interface Interposer {
  /** 'clock_gettime' */
  readonly symbol: string;
  /** Path of the library that defines it. */
  readonly module: string;
  /** Why lookups find it: it stands before libc in the search order, or a caller's own slot holds its address. */
  readonly how: 'search-order' | 'resolved-slot';
}
