/** Two of its files alone: the whole package is 730 kB to parse and hold. They have no declarations of their own. */
declare module 'systeminformation/lib/osinfo.js' {
  export function osInfo(): Promise<{ readonly distro: string; readonly release: string; readonly codename: string }>;
}

declare module 'systeminformation/lib/system.js' {
  export function system(): Promise<{
    readonly manufacturer: string;
    readonly model: string;
    readonly virtual: boolean;
  }>;
}
