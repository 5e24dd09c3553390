/**
 * Where to go on after signing in: a path of this house, else `/`. What a browser would read as another site (`//evil`, `/\evil`,
 * a tab between two slashes) is no path.
 */
export const localPath = (text: string | undefined): string => {
  if (text?.startsWith('/') !== true) return '/';
  const base = 'http://stint.invalid';
  const url = URL.canParse(text, base) ? new URL(text, base) : null;
  if (url === null || url.origin !== base || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
};
