import { Box, Transform } from 'ink';
import { memo } from 'react';
import type { Cell, Grid, Row } from '../view/cells.ts';
import { theme } from './theme.ts';

/**
 * Paints a grid as it is. A row is one node of plain text, which Ink measures and, only when all is laid out, has painted:
 * with a node for each tone, it would take the colours of every row of every frame apart again.
 */
export function Painted({ grid }: { readonly grid: Grid }) {
  return (
    <Box flexDirection="column">
      {grid.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of a screen is its position
        <PaintedRow key={index} row={row} />
      ))}
    </Box>
  );
}

const PaintedRow = memo(
  ({ row }: { readonly row: Row }) => {
    const painted = row.map(paintCell).join('');
    return <Transform transform={() => painted}>{row.map(({ text }) => text).join('') || ' '}</Transform>;
  },
  (before, after) => sameRow(before.row, after.row),
);

function paintCell({ text, tone, link }: Cell): string {
  return theme[tone](link === undefined ? text : linked(text, link));
}

/** OSC 8: what a click on it opens. */
function linked(text: string, url: string): string {
  return `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`;
}

function sameRow(one: Row, other: Row): boolean {
  return one.length === other.length && one.every((cell, index) => isSame(cell, other[index]));
}

function isSame(one: Cell, other: Cell | undefined): boolean {
  return one.text === other?.text && one.tone === other.tone && one.link === other.link;
}
