import type { Capsule } from '../model/capsule.ts';
import type { Frame } from '../model/frame.ts';
import { gridText } from '../view/cells.ts';
import type { Drawing } from '../view/drawing.ts';
import { renderReportMarkdown } from '../view/report-markdown.ts';
import { buildStill, type Sight } from '../view/still.ts';
import { capsuleAsJson } from './capsule-as-json.ts';
import { packText } from './embed/packed-text.ts';
import { withPngData } from './embed/png-data.ts';
import { svgData } from './embed/svg-data.ts';
import { encodeInTurns } from './encode-in-turns.ts';
import { drawAnsi } from './picture/draw-ansi.ts';
import { drawHtml } from './picture/draw-html.ts';
import { drawSvg } from './picture/draw-svg.ts';
import { makePicture } from './picture/make-picture.ts';
import type { Picture } from './picture/picture.ts';
import type { ThemeName } from './picture/picture-theme.ts';
import { type PngThread, renderPng } from './render-png.ts';
import type { ShareFormat } from './share-formats.ts';

/** One moment of a session, to be drawn and kept. */
export interface ShareSource {
  /** What goes inside the pictures. */
  readonly capsule: Capsule;
  /** What they show; its frame is judged from that capsule. */
  readonly sight: Sight;
  readonly columns: number;
  readonly drawing: Drawing;
  readonly theme: ThemeName;
  /** Already started, to draw the PNG; without it one is started when a PNG is asked for. */
  readonly pngThread?: PngThread;
}

export interface Share {
  readonly frame: Frame;
  /** What a file of that format holds. A PNG rejects with the reason where none can be drawn here. */
  render(format: ShareFormat): Promise<string | Uint8Array>;
}

const dataHint = 'data inside: vdsotop replay FILE';

/** What several formats need is made once, and the slow parts beside each other. */
export function createShare({ capsule, sight, columns, drawing, theme, pngThread }: ShareSource): Share {
  const { report } = sight.frame;
  const rows = once(() => buildStill(sight, { columns, drawing }));
  const picture = once(() => makePicture(buildStill(sight, { columns, drawing, dataHint }), report, columns, theme));
  const text = once(() => encodeInTurns(capsule));
  const packed = once(async () => packText(await text()));
  const draw = pngThread === undefined ? renderPng : pngThread.render;
  const makers: Readonly<Record<ShareFormat, () => Promise<string | Uint8Array> | string>> = {
    svg: async () => drawSvg(picture(), svgData(await packed())),
    png: async () => {
      const [png, data] = await Promise.all([draw(drawSvg(picture())), packed()]);
      return withPngData(png, data, wordsOf(picture()));
    },
    md: () => renderReportMarkdown(report),
    txt: () => `${gridText(rows())}\n`,
    ansi: () => drawAnsi(rows()),
    html: () => drawHtml(makePicture(rows(), report, columns, theme)),
    json: async () => capsuleAsJson(await text()),
  };
  return { frame: sight.frame, render: async (format) => makers[format]() };
}

/** Keywords that PNG registers (third edition, §11.3.3.1). */
function wordsOf({ title, description }: Picture): Readonly<Record<string, string>> {
  return { Title: title, Description: description, Software: 'vdsotop' };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
