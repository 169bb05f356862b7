import type measure from 'string-width';

export const narrow: RegExp;
declare const stringWidth: typeof measure;
export default stringWidth;
