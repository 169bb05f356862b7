import { escapeXml } from './escape-xml.ts';
import type { PaintedRun, Picture } from './picture.ts';

const fonts = "'DejaVu Sans Mono', 'JetBrains Mono', Menlo, Consolas, monospace";

/** A picture as a page of text: to be read, searched and copied from. Needs a font with Braille where curves are made of it. */
export function drawHtml({ rows, background, title }: Picture): string {
  const body = rows.map((row) => row.map(paint).join('').trimEnd()).join('\n');
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeXml(title)}</title></head>`,
    `<body style="background:${background}">`,
    `<pre style="font:14px/1.2 ${fonts}">${body}</pre>`,
    '</body></html>',
    '',
  ].join('\n');
}

function paint({ text, ink, paper, bold, underlined }: PaintedRun): string {
  if (text.trim() === '' && paper === undefined) return text;
  const style = [
    `color:${ink}`,
    ...(paper === undefined ? [] : [`background:${paper}`]),
    ...(bold ? ['font-weight:bold'] : []),
    ...(underlined ? ['text-decoration:underline'] : []),
  ].join(';');
  return `<span style="${style}">${escapeXml(text)}</span>`;
}
