import { accessSync, constants } from 'node:fs';
import koffi from 'koffi';
import type { NativeFunctions } from './native-functions.ts';
import { prototypes } from './prototypes.ts';

/** VT_ABI_VERSION of native/vdsotop.h that prototypes and structs were written for. */
const expectedAbiVersion = 10;

type AsyncFunctions = {
  readonly [F in keyof NativeFunctions]: (...args: Parameters<NativeFunctions[F]>) => Promise<number>;
};

export interface NativeLibrary extends NativeFunctions {
  /** The same functions on a worker thread, one in flight at a time: later calls wait for earlier ones. */
  readonly async: AsyncFunctions;
  /** Where the library was loaded from. */
  readonly path: string;
}

/** Loads the first of `paths` that is a library of our ABI version; throws with every path's reason otherwise. */
export function loadNativeLibrary(paths: readonly string[]): NativeLibrary {
  const failures: string[] = [];
  for (const path of paths) {
    try {
      return bind(path);
    } catch (error) {
      failures.push(`  ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(
    `the native library could not be loaded; tried\n${failures.join('\n')}\n` +
      "build it with 'npm run build' (needs a C compiler), or set VDSOTOP_NATIVE to the path of libvdsotop.so",
  );
}

function bind(path: string): NativeLibrary {
  accessSync(path, constants.R_OK);
  const library = koffi.load(path);
  const version = Number(library.func(prototypes.vt_abi_version)());
  if (version !== expectedAbiVersion)
    throw new Error(
      `its ABI version is ${version}, this vdsotop needs ${expectedAbiVersion}: it is from another build`,
    );
  const bound = Object.entries(prototypes).map(([name, prototype]) => [name, library.func(prototype)] as const);
  const functions = Object.fromEntries(bound) as unknown as NativeFunctions;
  const oneAtATime = createQueue();
  const async = Object.fromEntries(
    bound.map(([name, fn]) => [name, (...args: unknown[]) => oneAtATime(() => callAsync(fn, args))]),
  ) as unknown as AsyncFunctions;
  return { ...functions, async, path };
}

type KoffiFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;

/** `args` stays referenced until the call is over: C writes into its buffers meanwhile. */
function callAsync(fn: KoffiFunction, args: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error: unknown, result: unknown) =>
      error ? reject(new Error(`native call with ${args.length} arguments failed: ${error}`)) : resolve(Number(result)),
    );
  });
}

function createQueue() {
  let tail: Promise<unknown> = Promise.resolve();
  return <T>(run: () => Promise<T>): Promise<T> => {
    const result = tail.then(run);
    tail = result.catch(() => undefined);
    return result;
  };
}
