// Writes docs/reference/ and src/database/rows.ts, which are made from the code; with --check only says what is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cliReference, environmentReference, httpReference } from './reference-doors.ts';
import {
  errorsReference,
  permissionsReference,
  scopesReference,
  toolsReference,
} from './reference-operations.ts';
import { rowsFile, rowsText } from './rows.ts';

const folder = new URL('../docs/reference/', import.meta.url);
const pages: Record<string, () => string> = {
  'tools.md': toolsReference,
  'scopes.md': scopesReference,
  'permissions.md': permissionsReference,
  'errors.md': errorsReference,
  'http.md': httpReference,
  'cli.md': cliReference,
  'environment.md': environmentReference,
};
const note = '<!-- Made by `npm run docs`; do not edit. -->';

const wanted: [URL, string][] = [
  ...Object.entries(pages).map(([name, page]): [URL, string] => [
    new URL(name, folder),
    `${note}\n\n${page()}\n`,
  ]),
  [rowsFile, await rowsText()],
];
const stale = wanted.filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text);
const names = stale.map(([{ pathname }]) => pathname.split('/').slice(-3).join('/')).join(', ');

if (!process.argv.includes('--check')) {
  for (const [file, text] of stale) writeFileSync(file, text);
  console.log(stale.length === 0 ? 'Nothing to do.' : `Written: ${names}.`);
} else if (stale.length > 0) {
  console.error(`Stale: ${names}. Run \`npm run docs\` and commit what it writes.`);
  process.exitCode = 1;
}
