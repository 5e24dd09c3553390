import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

// In this order: what comes later stands above what came before.
const parts = ['base', 'frame', 'cards', 'forms', 'disclosure', 'screens'];

/** The stylesheet of every plain page. */
export const stylesheet = parts
  .map((part) => readFileSync(new URL(`./styles/${part}.css`, import.meta.url), 'utf8'))
  .join('\n');

/** Where the web door serves it. The name changes with the text, so that a browser may keep it for ever. */
export const stylesheetPath = `/assets/stint-${createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)}.css`;
