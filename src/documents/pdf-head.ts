import type { Logo } from './invoice-document.ts';
import type { Style } from './pdf-canvas.ts';
import { mm, type Page, sheet } from './pdf-page.ts';

/** A logo whose header says more than this is no logo; unpacking it could take all memory. */
const mostPixels = 16_000_000;
const logoBox = { top: 15 * mm, width: 75 * mm, height: 20 * mm } as const;

/** What @types/pdfkit leaves out. */
type ImageOpener = PDFKit.PDFDocument & { openImage(bytes: Buffer): { width: number; height: number } };

/** Thrown when a logo cannot be drawn: the document is then drawn without. */
export class UnusableLogo extends Error {}

/** What the first sheet begins with: logo, addresses, facts, title. */
export const drawHead = (page: Page, logo: Logo | null): void => {
  if (logo === null) drawName(page);
  else drawLogo(page, logo);
  const addressEnd = drawAddress(page);
  const factsEnd = drawFacts(page);
  page.y = Math.max(98 * mm, addressEnd + 9 * mm, factsEnd + 9 * mm);
  drawTitle(page);
  if (page.view.language === 'de') drawFoldMarks(page);
};

const drawLogo = ({ canvas }: Page, { mime, base64 }: Logo): void => {
  const { pdf } = canvas;
  const bytes = Buffer.from(base64, 'base64');
  // pdfkit recognises both by their first bytes too, but reads files and URLs as well: it gets bytes that are what they say.
  const png = bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
  const jpeg = bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]));
  if (mime === 'image/png' ? !png : !jpeg) throw new UnusableLogo('not the kind of image that it says');
  try {
    const image = (pdf as ImageOpener).openImage(bytes);
    if (!(image.width > 0 && image.height > 0) || image.width * image.height > mostPixels) {
      throw new Error(`${image.width} × ${image.height} pixels`);
    }
    const scale = Math.min(logoBox.width / image.width, logoBox.height / image.height);
    pdf.image(bytes, sheet.left, logoBox.top, { width: image.width * scale, height: image.height * scale });
  } catch (error) {
    throw new UnusableLogo('cannot be read', { cause: error });
  }
};

const drawName = ({ canvas, view, theme }: Page): void => {
  const name = view.imprint[0]?.[0] ?? '';
  const style = (size: number): Style => ({ size, weight: 'bold', color: theme.accentText, leading: 1.2 });
  const fitting = [18, 15, 12].map((size) => canvas.set(name, style(size), 150 * mm));
  const block = fitting.find(({ lines }) => lines.length <= 1) ?? canvas.set(name, style(12), 150 * mm);
  canvas.draw({ ...block, lines: block.lines.slice(0, 3) }, sheet.left, logoBox.top);
};

const drawAddress = ({ canvas, view, theme }: Page): number => {
  const width = 80 * mm;
  const sizes = [6.5, 6, 5.5, 5].map((size) =>
    canvas.set(view.sender, { size, weight: 'regular', color: theme.grey }, width),
  );
  const sender = sizes.find(({ lines }) => lines.length <= 1) ?? sizes.at(-1)!;
  const ruleAt = 61 * mm;
  canvas.draw(sender, sheet.left, ruleAt - sender.height - 2);
  canvas.rule(sheet.left, ruleAt, width, theme.line, 0.5);
  // The window shows 27.3 mm of address: a long one is set smaller before it is let out of it.
  const columns = [10, 9, 8].map((size) =>
    view.recipient.map((line, index) =>
      canvas.set(
        line,
        { size, weight: index === 0 ? 'bold' : 'regular', color: theme.ink, leading: 1.34 },
        width,
      ),
    ),
  );
  const heightOf = (blocks: readonly { height: number }[]): number =>
    blocks.reduce((sum, { height }) => sum + height, 0);
  const blocks = columns.find((column) => heightOf(column) <= 27.3 * mm) ?? columns.at(-1) ?? [];
  let y = 63 * mm;
  for (const block of blocks) {
    canvas.draw(block, sheet.left, y);
    y += block.height;
  }
  return y;
};

const drawFacts = ({ canvas, view, theme }: Page): number => {
  const [left, labelWidth] = [125 * mm, 29 * mm];
  const valueWidth = sheet.right - left - labelWidth - 2 * mm;
  let y = 50 * mm;
  view.facts.forEach(({ label, value }, index) => {
    const name = canvas.set(
      label,
      { size: 8, weight: 'regular', color: theme.grey, leading: 1.5 },
      labelWidth,
    );
    const said = canvas.set(
      value,
      { size: 8.5, weight: index === 0 ? 'bold' : 'regular', color: theme.ink, leading: 1.412 },
      valueWidth,
    );
    canvas.draw(name, left, y);
    canvas.draw(said, left + labelWidth + 2 * mm, y);
    y += Math.max(name.height, said.height) + 2.4;
  });
  return y;
};

const drawTitle = (page: Page): void => {
  const { canvas, view, theme } = page;
  const style: Style = { size: 19, weight: 'bold', color: theme.ink, leading: 1.25 };
  const block = canvas.set(view.title, style, sheet.text);
  canvas.draw(block, sheet.left, page.y);
  page.y += block.height + 6 * mm * page.spacing;
};

/** Where to fold for the window, DIN 5008 form B. */
const drawFoldMarks = ({ canvas, theme }: Page): void => {
  for (const y of [105, 210]) canvas.rule(4 * mm, y * mm, 4 * mm, theme.line, 0.5);
};
