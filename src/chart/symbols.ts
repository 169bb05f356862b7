/** Which characters pictures are made of: eight dots a cell, eighths of a block, or plain ASCII. */
export type Symbols = 'braille' | 'block' | 'ascii';
