import type measure from 'string-width';

export const narrow: RegExp;
export function bareText(text: string): string;
declare const stringWidth: typeof measure;
export default stringWidth;
