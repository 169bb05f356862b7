import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';

const program = '/usr/bin/chromium';

/** Why nothing can be drawn by Chromium here; undefined where it can. */
export function whyNoChromium(): string | undefined {
  return existsSync(program) ? undefined : `${program} is not installed`;
}

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--hide-scrollbars'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  // Two pixels for one, as our PNGs have, and glyphs where the font says, not where a hint moves them.
  ...['--force-device-scale-factor=2', '--font-render-hinting=none', '--default-background-color=00000000'],
];

/** SVGs of one size as a browser draws them, one below the other. */
export function drawInChromium(svgs: readonly string[], width: number, height: number): PNG {
  const folder = mkdtempSync(join(tmpdir(), 'vdsotop-chromium-'));
  try {
    const page = `<!doctype html><meta charset="utf-8"><style>body{margin:0}svg{display:block}</style>${svgs.join('')}`;
    writeFileSync(join(folder, 'page.html'), page);
    const size = `--window-size=${width},${height * svgs.length}`;
    const shot = join(folder, 'shot.png');
    execFileSync(
      program,
      [...flags, size, `--user-data-dir=${join(folder, 'profile')}`, `--screenshot=${shot}`, join(folder, 'page.html')],
      { stdio: 'ignore', timeout: 60_000 },
    );
    return PNG.sync.read(readFileSync(shot));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}
