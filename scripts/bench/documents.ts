// How long a PDF takes (npm run bench:documents): in the thread that draws it, from the call to the bytes.
import { renderHtml } from '#documents/render-html.ts';
import { renderPdf } from '#documents/render-pdf.ts';
import { lines, party, sampleInvoice } from '#testing/sample-documents.ts';
import { median } from './performance-page.ts';

const documents = {
  '5 lines, the first (starts the thread, unpacks two fonts)': { document: sampleInvoice(), rounds: 1 },
  '5 lines': { document: sampleInvoice(), rounds: 40 },
  '45 lines': { document: sampleInvoice({ lines: lines(45) }), rounds: 40 },
  '45 lines, Japanese customer': {
    document: sampleInvoice({
      lines: lines(45),
      customer: party('株式会社サンプル商事', ['東京都千代田区丸の内１丁目９−２'], 'JP'),
    }),
    rounds: 20,
  },
  '1,000 lines': { document: sampleInvoice({ lines: lines(1000) }), rounds: 7 },
};

/** Milliseconds on the clock and of processor time, this thread and the other together. */
const timed = async (work: () => unknown): Promise<{ wall: number; cpu: number }> => {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - started, cpu: (user + system) / 1000 };
};

console.log('| document | ms (median) | ms of CPU | KB |\n| --- | ---: | ---: | ---: |');
for (const [name, { document, rounds }] of Object.entries(documents)) {
  // Once before, for what is compiled and kept; unless that is what is asked.
  if (rounds > 1) await renderPdf(document);
  const times = [];
  for (let round = 0; round < rounds; round += 1) times.push(await timed(() => renderPdf(document)));
  const size = (await renderPdf(document)).length / 1000;
  console.log(
    `| ${name} | ${median(times.map(({ wall }) => wall)).toFixed(0)} | ${median(times.map(({ cpu }) => cpu)).toFixed(0)} | ${size.toFixed(0)} |`,
  );
}
const page = sampleInvoice({ lines: lines(45) });
const html = [];
for (let round = 0; round < 50; round += 1) html.push(await timed(() => renderHtml(page)));
console.log(
  `| 45 lines as HTML | ${median(html.map(({ wall }) => wall)).toFixed(1)} | | ${(renderHtml(page).length / 1000).toFixed(0)} |`,
);
