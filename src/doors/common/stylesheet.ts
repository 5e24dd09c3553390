import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The stylesheet of every plain page. */
export const stylesheet = readFileSync(new URL('./stint.css', import.meta.url), 'utf8');

/** Where the web door serves it. The name changes with the text, so that a browser may keep it for ever. */
export const stylesheetPath = `/assets/stint-${createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)}.css`;
