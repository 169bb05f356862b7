/**
 * A cell in pixels. Eight by sixteen lets the two by four dots of a Braille cell, the eighths of a block and the lines
 * of a box all lie on whole pixels. Letters of DejaVu Sans Mono are 1233/2048 em wide (its hmtx table), so that at this
 * size of the font they are eight pixels.
 */
export const cellSize = { width: 8, height: 16, font: 13.288, baseline: 12 } as const;
