import type { DocumentView } from './document-view.ts';
import type { Block, Canvas, Style } from './pdf-canvas.ts';
import type { Theme } from './theme.ts';

/** Points of a millimetre: addresses stand where DIN 5008 (form B) has the window of an envelope, which is given in millimetres. */
export const mm = 72 / 25.4;
/** A4, and where text stands on it. */
export const sheet = {
  width: 210 * mm,
  height: 297 * mm,
  left: 25 * mm,
  right: 190 * mm,
  text: 165 * mm,
} as const;

/** A sheet being filled from the top: where the next thing goes, and what every sheet has. */
export interface Page {
  canvas: Canvas;
  view: DocumentView;
  theme: Theme;
  /** 1, or less where a little less room between things saves a sheet. */
  spacing: number;
  /** The next free point. */
  y: number;
  /** Where the foot begins. */
  bottom: number;
  /** Goes on at the top of a new sheet. */
  next(): void;
  /** Goes on a new sheet if `height` is more than what is left. */
  need(height: number): void;
  /** Sets and draws at `x`, and moves below. */
  write(text: string, style: Style, x: number, width: number): Block;
}

/** Where text begins on every sheet but the first. */
export const sheetTop = 29 * mm;
const footGap = 5 * mm;
const footEdge = sheet.height - 9 * mm;
/** A foot longer than this is a text, and stands at the end of the document instead. */
const mostFooterLines = 4;

/** Starts the first sheet. */
export const openPage = (canvas: Canvas, view: DocumentView, theme: Theme, spacing: number): Page => {
  const foot = footOf(canvas, view, theme);
  const addSheet = (): void => {
    canvas.pdf.addPage();
    if (view.draft !== null) drawWatermark(canvas, view.draft, theme);
    foot.draw();
  };
  const page: Page = {
    canvas,
    view,
    theme,
    spacing,
    y: 0,
    bottom: footEdge - foot.height - footGap,
    next() {
      addSheet();
      const small: Style = { size: 8, weight: 'regular', color: theme.grey };
      const title = canvas.set(view.title, small, 80 * mm);
      canvas.draw(canvas.set(view.imprint[0]?.[0] ?? '', small, 80 * mm), sheet.left, 15 * mm);
      canvas.draw(title, sheet.right, 15 * mm, 'right');
      canvas.rule(
        sheet.left,
        15 * mm + Math.max(1, title.lines.length) * 11.2 + 5,
        sheet.text,
        theme.line,
        0.6,
      );
      page.y = Math.max(sheetTop, 15 * mm + title.height + 20);
    },
    need(height) {
      if (page.y + height > page.bottom) page.next();
    },
    write(text, style, x, width) {
      const block = canvas.set(text, style, width);
      // Line by line, for a text may be longer than a sheet.
      for (const line of block.lines) {
        page.need(block.lineHeight);
        if (line.rightToLeft) canvas.draw({ ...block, lines: [line] }, x + width, page.y, 'right');
        else canvas.draw({ ...block, lines: [line] }, x, page.y);
        page.y += block.lineHeight;
      }
      return block;
    },
  };
  addSheet();
  return page;
};

/** True if the footer text is short enough to stand at the foot of every sheet. */
export const isFoot = (canvas: Canvas, text: string, theme: Theme): boolean =>
  canvas.set(text, footStyle(theme), sheet.text).lines.length <= mostFooterLines;

const footStyle = (theme: Theme): Style => ({ size: 7, weight: 'regular', color: theme.grey, leading: 1.45 });

const footOf = (canvas: Canvas, view: DocumentView, theme: Theme): { height: number; draw: () => void } => {
  const style = footStyle(theme);
  const footer = view.footer !== null && isFoot(canvas, view.footer, theme) ? view.footer : '';
  const text = canvas.set(footer, style, sheet.text);
  const gap = 5 * mm;
  const columns = view.imprint.length;
  const width = (sheet.text - gap * (columns - 1)) / Math.max(1, columns);
  const blocks = view.imprint.map((lines, index) =>
    lines.map((line, at) =>
      canvas.set(
        line,
        index === 0 && at === 0 ? { ...style, weight: 'bold', color: theme.ink } : style,
        width,
      ),
    ),
  );
  const heights = blocks.map((column) => column.reduce((sum, { height }) => sum + height, 0));
  const pageNumber = 14;
  const textHeight = text.height === 0 ? 0 : text.height + 6;
  const height = textHeight + 7 + Math.max(0, ...heights) + pageNumber;
  return {
    height,
    draw() {
      let y = footEdge - height;
      canvas.draw(text, sheet.left, y);
      y += textHeight;
      canvas.rule(sheet.left, y, sheet.text, theme.line, 0.6);
      blocks.forEach((column, index) => {
        let line = y + 7;
        for (const block of column) {
          canvas.draw(block, sheet.left + index * (width + gap), line);
          line += block.height;
        }
      });
    },
  };
};

/** "Page 1 of 3" on every sheet, once it is known how many there are. */
export const numberPages = ({ canvas, view, theme }: Page): number => {
  const { count } = canvas.pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    canvas.pdf.switchToPage(index);
    const block = canvas.set(view.words.page(index + 1, count), footStyle(theme), sheet.text);
    canvas.draw(block, sheet.right, footEdge - block.height, 'right');
  }
  return count;
};

const drawWatermark = (canvas: Canvas, text: string, theme: Theme): void => {
  const word = canvas.set(text.toUpperCase(), { size: 108, weight: 'bold', color: theme.watermark }, 1000);
  canvas.pdf.save().rotate(-52, { origin: [sheet.width / 2, sheet.height / 2] });
  canvas.draw(word, (sheet.width - word.width) / 2, (sheet.height - word.height) / 2);
  canvas.pdf.restore();
};
