/** What a moment can be saved as, by the ending of the file's name. */
export const shareFormats = ['svg', 'png', 'md', 'txt', 'ansi', 'html', 'json'] as const;
export type ShareFormat = (typeof shareFormats)[number];
