// How esbuild turns src/cli.ts into what is shipped. Everything but the packages that
// load a binary by path goes inside.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * esbuild options that bundle `root`/src/cli.ts into `dist`/cli.js, stamped with `version`. What is imported
 * dynamically becomes a file of its own, `dist`/part-*.js: as one file, an Ink hello starts 25 ms later and holds 13 MiB
 * more, because V8 keeps and scans the source of parts that are not used. All lie in one folder, so that
 * import.meta.dirname is `dist` everywhere.
 */
export function bundleOptions(root, dist, version) {
  const stubs = join(root, 'scripts', 'stubs');
  return {
    // A thread begins with a file of its own.
    entryPoints: [join(root, 'src', 'cli.ts'), join(root, 'src', 'capsule', 'png-worker.ts')],
    outdir: dist,
    entryNames: '[name]',
    splitting: true,
    chunkNames: 'part-[name]-[hash]',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    external: ['koffi', '@resvg/resvg-js'],
    jsx: 'automatic',
    define: {
      __VDSOTOP_VERSION__: JSON.stringify(version),
      // The fast build of React.
      'process.env.NODE_ENV': '"production"',
      // Ink looks for React's developer tools when DEV=true is in the environment, which other programs also use.
      'process.env.DEV': '"false"',
    },
    alias: {
      blessed: join(stubs, 'blessed-contrib-needs.cjs'),
      lodash: join(stubs, 'blessed-contrib-needs.cjs'),
      'drawille-canvas-blessed-contrib': join(stubs, 'blessed-contrib-needs.cjs'),
      'react-devtools-core': join(stubs, 'react-devtools-core.mjs'),
    },
    plugins: [
      withoutOldParts(dist),
      yogaWithoutFetch,
      fastStringWidth(join(stubs, 'string-width.mjs')),
      quickOutput(join(stubs, 'quick-output.mjs')),
    ],
    // CommonJS packages inside call require() for Node's own modules, which an ES module does not have.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  };
}

/** Their names carry a hash of their content, so a build does not overwrite those of the build before. */
function withoutOldParts(dist) {
  return {
    name: 'without-old-parts',
    setup(build) {
      build.onStart(async () => {
        const names = await readdir(dist).catch(() => []);
        const old = names.filter((name) => /^part-.*\.js$/.test(name));
        await Promise.all(old.map((name) => rm(join(dist, name), { force: true })));
      });
    },
  };
}

/** Merely touching `fetch` makes Node load its HTTP client: 50 ms and 10 MiB for a module that does not need it. */
const yogaWithoutFetch = {
  name: 'yoga-without-fetch',
  setup(build) {
    build.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: `const fetch = undefined;\n${await readFile(path, 'utf8')}`,
    }));
  },
};

/** Puts `wrapper` in front of the package string-width for everybody but the wrapper itself. */
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

/** Ink's renderer puts frames together by this. Fails the build where it no longer does it so. */
function quickOutput(wrapper) {
  const imported = /(?<=import Output from )'\.\/output\.js'/;
  return {
    name: 'quick-output',
    setup(build) {
      build.onLoad({ filter: /ink\/build\/renderer\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!imported.test(source)) throw new Error(`${path} imports no output that could be made quick`);
        return { contents: source.replace(imported, () => JSON.stringify(wrapper)) };
      });
    },
  };
}
