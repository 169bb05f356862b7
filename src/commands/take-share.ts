import { createShare, type Share } from '../capsule/create-share.ts';
import type { ThemeName } from '../capsule/picture/picture-theme.ts';
import { redactCapsule } from '../capsule/redaction.ts';
import type { PngThread } from '../capsule/render-png.ts';
import type { Capsule } from '../model/capsule.ts';
import { frameOfCapsule } from '../session/frame-of-capsule.ts';
import { makeDrawing } from '../ui/make-drawing.ts';
import type { SymbolSet } from '../view/drawing.ts';
import type { Sight } from '../view/still.ts';
import { version } from './version.ts';

export interface PictureChoices {
  readonly columns: number;
  readonly symbols: SymbolSet;
  readonly theme: ThemeName;
  /** Leaves in what is hidden otherwise. */
  readonly showHost: boolean;
  readonly pngThread?: PngThread;
}

/** What is looked at, ready to be drawn and kept, with nothing in it that is hidden from files. */
export function takeShare(whole: Capsule, sight: Sight, { showHost, symbols, ...choices }: PictureChoices): Share {
  const capsule = showHost ? whole : redactCapsule(whole);
  // Where nothing was taken out, the frame at hand is the one.
  const frame = capsule === whole ? sight.frame : (frameOfCapsule(capsule, sight.frame, version) ?? sight.frame);
  return createShare({ capsule, sight: { ...sight, frame }, drawing: makeDrawing(symbols), ...choices });
}
