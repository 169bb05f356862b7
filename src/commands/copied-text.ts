import type { Share } from '../capsule/create-share.ts';
import type { Capsule, CapsuleHeader } from '../model/capsule.ts';
import type { Report } from '../model/report.ts';
import type { CopyKind } from '../view/copy-menu.ts';
import { printedJson } from './printed-json.ts';
import type { FileContent } from './save-files.ts';
import type { SharingOptions } from './sharing-options.ts';

interface CopiedText extends FileContent {
  readonly content: string;
  /** What the file holds instead, where the clipboard is given what is hidden from files. */
  readonly kept?: string;
}

/** What the key y copies: the text and the file beside it. */
export async function copiedText(
  kind: CopyKind,
  share: Share,
  { header }: Capsule,
  { showHost }: SharingOptions,
): Promise<CopiedText> {
  const { report } = share.frame;
  if (kind === 'markdown') return { ending: '.md', content: String(await share.render('md')) };
  if (kind === 'json') return { ending: '-report.json', content: await jsonToCopy(report) };
  // Without a line end, which would run it where it is pasted.
  if (kind === 'command-line') {
    const kept = showHost ? header.commandLine : await withoutArguments(header);
    return { ending: '-command.txt', content: header.commandLine, kept };
  }
  const { exitSummary } = await import('../view/summary.ts');
  return { ending: '-summary.txt', content: `${exitSummary(report).join('\n')}\n` };
}

/** Of an opened file they were taken out before. */
async function withoutArguments(header: CapsuleHeader): Promise<string> {
  if (header.hidden.length > 0) return header.commandLine;
  const { createRedaction } = await import('../capsule/redaction.ts');
  return createRedaction().header(header).commandLine;
}

/** Indented where a terminal takes that much, else on one line, which is a third shorter. */
async function jsonToCopy(report: Report): Promise<string> {
  const { osc52 } = await import('./osc52.ts');
  const indented = `${printedJson(report)}\n`;
  return osc52(indented, 'none') === undefined ? `${printedJson(report, 0)}\n` : indented;
}
