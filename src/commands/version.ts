declare const __VDSOTOP_VERSION__: string | undefined;

/** The version in package.json, put in by the bundler. */
export const version = typeof __VDSOTOP_VERSION__ === 'string' ? __VDSOTOP_VERSION__ : '0.0.0-unbundled';
