import type { MappingSummary } from '../model/mappings.ts';
import type { Report } from '../model/report.ts';
import { cell, type Grid, type Row } from './cells.ts';
import { fitText } from './fit-text.ts';
import { formatBytes, formatKnown, isUnavailable } from './format.ts';
import { wrapText } from './wrap-text.ts';

const nameWidth = 13;
const permissionsWidth = 4;
const sizeWidth = 7;
/** Without these two no clock is read on the fast path; their absence is a fact to show, not a missing line. */
const expected = ['[vdso]', '[vvar]'] as const;

/** The target's clock mappings: address, permissions, size, and what is unusual about them. */
export function mappingRows(report: Report, width: number): Grid {
  const { mappings } = report;
  if (isUnavailable(mappings)) return lines(`the mappings cannot be read: ${mappings.detail}`, width, 'unknown');
  const wide = width >= nameWidth + 34 + permissionsWidth + sizeWidth + 4;
  const missing = expected.filter((name) => !mappings.some((mapping) => mapping.name === name));
  return [
    heading(wide),
    ...mappings.flatMap((mapping) => mappingGrid(mapping, wide, width)),
    ...missing.map((name): Row => [cell(` ${name.padEnd(nameWidth)} `), cell('not mapped in the target', 'warn')]),
    [cell(` AT_SYSINFO_EHDR  ${ehdr(report)}`, 'muted')],
  ];
}

function heading(wide: boolean): Row {
  const address = fitText(wide ? 'address' : 'start', wide ? 33 : 16);
  return [
    cell(
      ` ${fitText('mapping', nameWidth)} ${address} ${fitText('perm', permissionsWidth)} ${fitText('size', sizeWidth, 'right')}`,
      'muted',
    ),
  ];
}

function mappingGrid(mapping: MappingSummary, wide: boolean, width: number): Grid {
  const { name, start, end, permissions, sizeBytes, unusual } = mapping;
  const address = wide ? fitText(`${start}–${end}`, 33) : fitText(start, 16);
  const facts: Row = [
    cell(` ${fitText(name, nameWidth)} `),
    cell(`${address} `, 'muted'),
    cell(`${fitText(permissions, permissionsWidth)} ${fitText(formatBytes(sizeBytes), sizeWidth, 'right')}`),
  ];
  return unusual === undefined ? [facts] : [facts, ...lines(`! ${unusual}`, width, 'warn')];
}

function ehdr({ sysinfoEhdr }: Report): string {
  const text = formatKnown(sysinfoEhdr, (address) => (address === '0' ? 'none: the vDSO was not announced' : address));
  return isUnavailable(sysinfoEhdr) ? `${text}: ${sysinfoEhdr.detail}` : text;
}

function lines(text: string, width: number, tone: 'unknown' | 'warn'): Grid {
  return wrapText(text, width - 2).map((line) => [cell(`  ${line}`, tone)]);
}
