// The live screen on invented frames that move, for a person to look at and to measure its CPU:
//   esbuild test/ui/preview-live.tsx --bundle … (see preview-live.mjs), then node it in a terminal.
import type { Frame } from '../../src/model.ts';
import { runLive } from '../../src/ui/render-live.tsx';
import { fakeSession } from './fake-session.ts';
import { demoReport, findings, frameOf, frames, seriesOf } from './frames.ts';

const [name = 'moving', symbols = 'braille'] = process.argv.slice(2);
const still = (frames as Readonly<Record<string, Frame>>)[name];
const session = fakeSession(still ?? movingFrame(Date.now()));
const timer = setInterval(() => {
  if (still === undefined && session.frame()?.state === 'live') session.show(movingFrame(Date.now()));
}, 500);
const reason = await runLive(session, { symbols: symbols as 'braille', glossary: Object.values(findings) });
clearInterval(timer);
const { user, system } = process.cpuUsage();
const seconds = process.uptime();
const share = (user + system) / 1e4 / seconds;
process.stdout.write(`${JSON.stringify(reason)} ${share.toFixed(2)} % of a core over ${seconds.toFixed(1)} s\n`);

/** Every number differs from one frame to the next, as on a busy target. */
function movingFrame(nowMs: number): Frame {
  const jitter = (value: number) => value * (0.95 + Math.random() * 0.1);
  const clocks = demoReport.clocks.map((clock) => ({
    ...clock,
    kernelEntriesPerSecond:
      typeof clock.kernelEntriesPerSecond === 'number'
        ? jitter(clock.kernelEntriesPerSecond)
        : clock.kernelEntriesPerSecond,
    ns: Object.fromEntries(
      Object.entries(clock.ns).map(([path, price]) => [path, { ...price, p50: jitter(price.p50) }]),
    ),
  }));
  const report = { ...demoReport, at: new Date(nowMs).toISOString(), clocks };
  return frameOf(report, { series: seriesOf(report, nowMs) });
}
