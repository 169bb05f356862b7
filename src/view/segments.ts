import { cell, type Row } from './cells.ts';
import { cutText } from './fit-text.ts';
import { printable, textWidth } from './printable.ts';
import type { Tone } from './tones.ts';

/** A fact on a status line, with shorter ways to say it. The last way may be '', which leaves it out. */
export interface Segment {
  readonly ways: readonly string[];
  readonly tone: Tone;
}

const separator = ' · ';

/**
 * The segments on one line of at most `width` columns. While they are too long, the last segment that has a shorter
 * way is shortened first: segments stand in the order of their importance.
 */
export function packSegments(segments: readonly Segment[], width: number): Row {
  const chosen = segments.map(() => 0);
  const texts = () => segments.map(({ ways }, index) => printable(ways[chosen[index] ?? 0] ?? ''));
  while (lineWidth(texts()) > width) {
    const index = segments.findLastIndex(({ ways }, at) => (chosen[at] ?? 0) < ways.length - 1);
    if (index < 0) break;
    chosen[index] = (chosen[index] ?? 0) + 1;
  }
  return toRow(texts(), segments, width);
}

function lineWidth(texts: readonly string[]): number {
  const shown = texts.filter((text) => text !== '');
  return shown.reduce((sum, text) => sum + textWidth(text), 0) + separator.length * Math.max(shown.length - 1, 0);
}

function toRow(texts: readonly string[], segments: readonly Segment[], width: number): Row {
  const row: { text: string; tone: Tone }[] = [];
  let left = width;
  texts.forEach((text, index) => {
    const lead = row.length > 0 ? separator : '';
    if (text === '' || left <= lead.length) return;
    if (lead !== '') row.push(cell(lead, 'muted'));
    const cut = cutText(text, left - lead.length);
    row.push(cell(cut, segments[index]?.tone ?? 'plain'));
    left -= lead.length + textWidth(cut);
  });
  return row;
}
