/** A package of variable fonts, split by Unicode range. `wholly`: every file of it, not only the one of its script. */
export interface FontFamily {
  packageName: string;
  prefix: string;
  wholly: boolean;
}

const family = (name: string, wholly = false): FontFamily => ({
  packageName: `@fontsource-variable/${name}`,
  prefix: name,
  wholly,
});

const inter = family('inter', true);
const [japanese, chinese, korean] = [family('noto-sans-jp'), family('noto-sans-sc'), family('noto-sans-kr')];

/**
 * The families in the order in which they are asked. Chinese characters are drawn differently in Japan, China and Korea:
 * the region of who reads them comes first, Japan where nothing is known.
 */
export const familiesFor = (region: string | null): readonly FontFamily[] => {
  const scripts = [inter, family('noto-sans-hebrew'), family('noto-sans-arabic')];
  if (region === 'KR' || region === 'KP') return [...scripts, korean, japanese, chinese];
  if (['CN', 'SG', 'TW', 'HK', 'MO'].includes(region ?? '')) return [...scripts, chinese, japanese, korean];
  return [...scripts, japanese, chinese, korean];
};
