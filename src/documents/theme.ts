/** The colours of a document. `accent` is for rules; `accentText` is it where it can be read on white, else ink. */
export interface Theme {
  ink: string;
  grey: string;
  line: string;
  watermark: string;
  accent: string;
  accentText: string;
}

/** How much light a colour gives, 0 black to 1 white. @see WCAG 2.2, relative luminance */
const luminance = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The theme of an accent colour; of the house's own where none is given, or what was given is no #rrggbb. */
export const themeOf = (color: string | null): Theme => {
  const accent = color !== null && /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : '#1d4e5f';
  const ink = '#16191d';
  // 4.5 to 1 on white is what small text needs.
  const legible = 1.05 / (luminance(accent) + 0.05) >= 4.5;
  return {
    ink,
    grey: '#5f6875',
    line: '#dde1e6',
    watermark: '#f1f2f4',
    accent,
    accentText: legible ? accent : ink,
  };
};
