import type { Hue } from '../../view/looks.ts';

export type ThemeName = 'dark' | 'light';

/** Colours of a page, #rrggbb. A terminal's are its user's own; a picture has to bring some. */
export interface PictureTheme {
  readonly background: string;
  readonly foreground: string;
  /** Text that steps back: still 4.5:1 on the page, the least that is legible for everybody (WCAG 2.2, 1.4.3). */
  readonly dim: string;
  readonly hues: Readonly<Record<Hue, string>>;
}

export const pictureThemes: Readonly<Record<ThemeName, PictureTheme>> = {
  dark: {
    background: '#16181d',
    foreground: '#d4d7dd',
    dim: '#8f96a3',
    hues: { red: '#ff7a85', green: '#98c379', yellow: '#e5c07b', magenta: '#d18ae6', cyan: '#5fc3ce' },
  },
  light: {
    background: '#ffffff',
    foreground: '#1f2328',
    dim: '#656d76',
    hues: { red: '#b42318', green: '#1a7f37', yellow: '#8a5a00', magenta: '#8a3ab9', cyan: '#0b6e8a' },
  },
};
