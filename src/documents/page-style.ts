import { themeOf } from './theme.ts';

/** The stylesheet of the HTML page, on screens and on paper. Nothing but a colour of six hex digits comes from outside. */
export const pageStyle = (color: string | null): string => {
  const { ink, grey, line, accent, accentText } = themeOf(color);
  return `
:root { color-scheme: light; }
* { box-sizing: border-box; margin: 0; }
html { font-size: 15px; }
body { background: #eceef1; color: ${ink}; font: 1rem/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK JP", sans-serif; overflow-wrap: anywhere; }
main { background: #fff; max-width: 52rem; margin: 2rem auto; padding: 3rem 3.5rem; box-shadow: 0 1px 4px #0002; }
header { min-height: 3rem; margin-bottom: 3rem; }
header img { display: block; max-width: 18rem; max-height: 5rem; }
.name { font-size: 1.5rem; font-weight: 650; color: ${accentText}; }
.draft { float: right; border: 2px solid ${accent}; border-radius: 4px; padding: 0 .6em; font-weight: 650; text-transform: uppercase; letter-spacing: .06em; color: ${accentText}; }
.head { display: flex; flex-wrap: wrap; gap: 2rem 3rem; justify-content: space-between; }
address { font-style: normal; flex: 1 1 16rem; }
address div:nth-child(2) { font-weight: 650; }
.sender { font-size: .7rem; color: ${grey}; border-bottom: 1px solid ${line}; padding-bottom: .2rem; margin-bottom: .6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; font-size: .87rem; align-content: start; }
dt { color: ${grey}; }
dd { font-variant-numeric: tabular-nums; }
h1 { font-size: 1.7rem; line-height: 1.25; font-weight: 650; margin: 2.5rem 0 1.2rem; }
h2 { font-size: .78rem; font-weight: 650; color: ${grey}; }
section, main > p { margin-top: 1.2rem; }
.text { white-space: pre-wrap; unicode-bidi: plaintext; text-align: start; }
address div, dd, .description div, .imprint div { text-align: left; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.lines { width: 100%; font-size: .9rem; }
th, td { text-align: end; vertical-align: baseline; padding: .5rem 0 .5rem 1.2rem; white-space: nowrap; font-weight: 400; }
.lines th { font-size: .75rem; font-weight: 650; color: ${grey}; border-bottom: 2px solid ${accent}; padding-block: .3rem; }
.lines td { border-bottom: 1px solid ${line}; }
th:first-child, td:first-child { padding-inline-start: 0; }
.lines .position, .lines .description { text-align: start; }
td.position, small, .details { color: ${grey}; }
td.description { white-space: pre-wrap; width: 100%; min-width: 12rem; overflow-wrap: anywhere; }
td.tax { white-space: normal; }
.details { font-size: .85em; }
.totals { margin: .6rem 0 1.6rem auto; min-width: min(26rem, 100%); font-size: .9rem; }
.totals th { text-align: start; white-space: normal; }
.totals th, .totals td { padding-block: .2rem; }
.totals .aside { color: ${grey}; font-size: .85em; }
.totals .sum th, .totals .sum td { font-weight: 650; border-top: 1px solid ${line}; }
.totals .due th, .totals .due td { font-size: 1.25rem; font-weight: 650; color: ${accentText}; border-top: 2px solid ${accent}; padding-top: .4rem; }
.settlement { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; justify-content: space-between; }
.settlement > div { flex: 1 1 16rem; }
.sentence { font-weight: 650; margin-bottom: .4rem; }
figure { width: 8rem; text-align: center; font-size: .72rem; color: ${grey}; }
svg { display: block; width: 100%; background: #fff; }
footer { margin-top: 3rem; padding-top: .8rem; border-top: 1px solid ${line}; font-size: .75rem; color: ${grey}; }
.imprint { display: flex; flex-wrap: wrap; gap: .8rem 1.2rem; justify-content: space-between; margin-top: .4rem; }
.imprint > div:first-child > div:first-child { font-weight: 650; color: ${ink}; }
@media (max-width: 40rem) { main { margin: 0; padding: 1.5rem 1.2rem; box-shadow: none; } }
@page { size: A4; margin: 15mm 20mm 15mm 25mm; }
@media print {
  html { font-size: 9pt; }
  body { background: none; }
  main { max-width: none; margin: 0; padding: 0; box-shadow: none; }
  tr, .settlement, .totals { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;
};
