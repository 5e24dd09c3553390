import { viewOf, type DocumentView, type Fact, type Settlement } from './document-view.ts';
import { qrSquares } from './epc-code.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import type { LineRow, LineTable } from './line-table.ts';
import { pageStyle } from './page-style.ts';

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Text for between tags and within quoted attributes; direction controls would reorder what stands around them. */
const escape = (text: string): string =>
  text
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? '');

/** Words of people, in whatever direction they are read. */
const said = (tag: string, text: string | null, name?: string): string =>
  text === null || text === ''
    ? ''
    : `<${tag}${name === undefined ? '' : ` class="${name}"`} dir="auto">${escape(text)}</${tag}>`;
const list = (facts: readonly Fact[]): string =>
  facts.length === 0
    ? ''
    : `<dl>${facts.map(({ label, value }) => `<dt>${escape(label)}</dt>${said('dd', value)}`).join('')}</dl>`;
const stack = (texts: readonly string[]): string => texts.map((text) => said('div', text)).join('');

/** A page with the same content as the PDF: whole in itself, without scripts, to be looked at or printed. All text is escaped. */
export const renderHtml = (document: InvoiceDocument): string => {
  const view = viewOf(document);
  return `<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escape(view.title)}</title>
<style>${pageStyle(document.accent_color)}</style>
</head>
<body>
<main>
${view.draft === null ? '' : `<p class="draft">${escape(view.draft)}</p>`}
<header>${logoOf(document)}</header>
<div class="head">
<address><div class="sender" dir="auto">${escape(view.sender)}</div>${stack(view.recipient)}</address>
${list(view.facts)}
</div>
<h1>${escape(view.title)}</h1>
${tableOf(view.table)}
${totalsTable(view)}
${view.statements.map((statement) => said('p', statement)).join('')}
${view.settlement === null ? '' : settlementOf(view.settlement, view.words.scan)}
${view.notes === null || view.notes === '' ? '' : `<section><h2>${escape(view.words.notes)}</h2>${said('p', view.notes, 'text')}</section>`}
<footer>${said('p', view.footer, 'text')}<div class="imprint">${view.imprint.map((column) => `<div>${stack(column)}</div>`).join('')}</div></footer>
</main>
</body>
</html>
`;
};

const logoOf = ({ logo, supplier }: InvoiceDocument): string => {
  const usable =
    logo !== null && /^image\/(png|jpeg)$/.test(logo.mime) && /^[A-Za-z0-9+/]+=*$/.test(logo.base64);
  return usable
    ? `<img src="data:${logo.mime};base64,${logo.base64}" alt="${escape(supplier.name)}">`
    : said('div', supplier.name, 'name');
};

const tableOf = ({ columns, rows }: LineTable): string => {
  const heads = columns.map(({ key, label }) => `<th scope="col" class="${key}">${escape(label)}</th>`);
  const cell = (row: LineRow, key: LineTable['columns'][number]['key']): string => {
    if (key === 'description')
      return `<td class="description">${said('div', row.description)}${said('div', row.details, 'details')}</td>`;
    const unit = key === 'quantity' && row.unit !== '' ? ` <small>${escape(row.unit)}</small>` : '';
    return `<td class="${key}">${escape(row[key])}${unit}</td>`;
  };
  const body = rows.map((row) => `<tr>${columns.map(({ key }) => cell(row, key)).join('')}</tr>`);
  return `<div class="wide"><table class="lines"><thead><tr>${heads.join('')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
};

const totalsTable = ({ totals }: DocumentView): string =>
  `<table class="totals"><tbody>${totals
    .map(
      ({ label, amount, weight }) =>
        `<tr class="${weight}"><th scope="row" dir="auto">${escape(label)}</th><td>${escape(amount)}</td></tr>`,
    )
    .join('')}</tbody></table>`;

const settlementOf = ({ sentence, facts, note, code }: Settlement, scan: string): string =>
  `<section class="settlement"><div>${said('p', sentence, 'sentence')}${list(facts)}${said('p', note, 'text')}</div>${
    code === null ? '' : `<figure>${codeOf(code, scan)}<figcaption>${escape(scan)}</figcaption></figure>`
  }</section>`;

const codeOf = (payload: string, label: string): string => {
  const squares = qrSquares(payload);
  const path = squares.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const side = squares.length;
  return `<svg viewBox="0 0 ${side} ${side}" role="img" aria-label="${escape(label)}" shape-rendering="crispEdges"><path d="${path.join('')}"/></svg>`;
};
