// How esbuild turns src/cli.ts into what is shipped. Everything but koffi, which loads a binary by path, goes inside.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** esbuild options that bundle `root`/src/cli.ts into the folder `dist`, stamped with `version`. */
export function bundleOptions(root, dist, version) {
  const stubs = join(root, 'scripts', 'stubs');
  return {
    entryPoints: [join(root, 'src', 'cli.ts')],
    outdir: dist,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['koffi'],
    jsx: 'automatic',
    charset: 'utf8',
    define: {
      __VDSOTOP_VERSION__: JSON.stringify(version),
      // The fast build of React.
      'process.env.NODE_ENV': '"production"',
      // Ink looks for React's developer tools when DEV=true is in the environment, which other programs also use.
      'process.env.DEV': '"false"',
    },
    alias: {
      blessed: join(stubs, 'blessed.cjs'),
      'react-devtools-core': join(stubs, 'react-devtools-core.mjs'),
    },
    plugins: [yogaWithoutFetch, fastStringWidth(join(stubs, 'string-width.mjs'))],
    // CommonJS packages inside call require() for Node's own modules, which an ES module does not have.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  };
}

/** Merely touching `fetch` makes Node load its HTTP client: 60 ms and 12 MiB, for a module that never uses it. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(build) {
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    }));
  },
};

/** Puts `wrapper` in front of the package for everybody but the wrapper itself. */
function fastStringWidth(wrapper) {
  return {
    name: 'fast-string-width',
    setup(build) {
      build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
        importer === wrapper ? undefined : { path: wrapper },
      );
    },
  };
}
