import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Cell, Grid, Row } from '../view/cells.ts';
import { theme } from './theme.ts';

/**
 * Paints a grid as it is. A row is one text node with a nested one for each tone: a node a cell costs half as much
 * again for every frame, and Ink bounds what it remembers of the texts it has measured.
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
  ({ row }: { readonly row: Row }) => (
    <Text wrap="truncate">
      {row.length === 0
        ? ' '
        : row.map(({ text, tone, link }, index) =>
            tone === 'plain' && link === undefined ? (
              text
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell of a row is its position
              <Text key={index} {...theme[tone]}>
                {link === undefined ? text : linked(text, link)}
              </Text>
            ),
          )}
    </Text>
  ),
  (before, after) => sameRow(before.row, after.row),
);

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
