import type { Settlement } from './document-view.ts';
import { qrSquares } from './epc-code.ts';
import type { Block, Style } from './pdf-canvas.ts';
import { isFoot, mm, type Page, sheet } from './pdf-page.ts';
import type { TotalsRow } from './totals.ts';

interface SetTotal {
  row: TotalsRow;
  label: Block;
  amount: Block;
  height: number;
}

const codeSide = 26 * mm;
const body = (page: Page): Style => ({ size: 9, weight: 'regular', color: page.theme.ink, leading: 1.5 });

/** The totals, set; the table asks for their height before it draws its last line. */
export const setTotals = (page: Page): { height: number; draw: () => void } => {
  const { canvas, view, theme } = page;
  const left = 100 * mm;
  const rows: SetTotal[] = view.totals.map((row) => {
    const style: Style = {
      size: { aside: 8, plain: 9, sum: 9.5, due: 12 }[row.weight],
      weight: row.weight === 'due' || row.weight === 'sum' ? 'bold' : 'regular',
      color: row.weight === 'aside' ? theme.grey : row.weight === 'due' ? theme.accentText : theme.ink,
      figures: true,
    };
    const amount = canvas.set(row.amount, style, 120 * mm);
    const label = canvas.set(row.label, style, Math.max(30 * mm, sheet.right - left - amount.width - 5 * mm));
    const height =
      Math.max(label.height, amount.height) +
      (row.weight === 'due' ? 15 : row.weight === 'aside' ? 2.5 : 5 * page.spacing);
    return { row, label, amount, height };
  });
  return {
    height: rows.reduce((sum, { height }) => sum + height, 0) + 12,
    draw() {
      page.y += 8 * page.spacing;
      for (const { row, label, amount, height } of rows) {
        if (page.y + height > page.bottom) page.next();
        if (row.weight === 'sum') canvas.rule(left, page.y, sheet.right - left, theme.line, 0.6);
        if (row.weight === 'due') canvas.rule(left, page.y + 3, sheet.right - left, theme.accent, 1);
        const y = page.y + (row.weight === 'due' ? 9 : row.weight === 'aside' ? 0 : 2.5 * page.spacing);
        canvas.draw(label, left, y);
        canvas.draw(amount, sheet.right, y, 'right');
        page.y += height;
      }
      page.y += 4;
    },
  };
};

/** What follows the totals: why no tax is charged, how to pay, notes. */
export const drawClosing = (page: Page): void => {
  const { canvas, view, theme } = page;
  page.y += 3 * mm * page.spacing;
  for (const statement of view.statements) {
    page.write(statement, body(page), sheet.left, sheet.text);
    page.y += 2;
  }
  if (view.statements.length > 0) page.y += 3 * mm;
  if (view.settlement !== null) drawSettlement(page, view.settlement);
  if (view.notes !== null && view.notes.trim() !== '') {
    page.need(40);
    page.write(
      view.words.notes,
      { size: 8, weight: 'bold', color: theme.grey, leading: 1.7 },
      sheet.left,
      sheet.text,
    );
    page.write(view.notes, body(page), sheet.left, 150 * mm);
    page.y += 4 * mm;
  }
  if (view.footer !== null && !isFoot(canvas, view.footer, theme)) {
    page.write(view.footer, { ...body(page), size: 8, color: theme.grey }, sheet.left, sheet.text);
  }
};

const drawSettlement = (page: Page, { sentence, facts, note, code }: Settlement): void => {
  const { canvas, view, theme } = page;
  const [labelWidth, gap] = [32 * mm, 3 * mm];
  const width = sheet.text - (code === null ? 0 : codeSide + 8 * mm);
  const head = canvas.set(
    sentence ?? '',
    { size: 10, weight: 'bold', color: theme.ink, leading: 1.5 },
    width,
  );
  const rows = facts.map(({ label, value }) => ({
    label: canvas.set(label, { size: 8.5, weight: 'regular', color: theme.grey, leading: 1.6 }, labelWidth),
    value: canvas.set(
      value,
      { size: 9, weight: 'regular', color: theme.ink, leading: 1.51 },
      width - labelWidth - gap,
    ),
  }));
  const factsHeight = rows.reduce((sum, { label, value }) => sum + Math.max(label.height, value.height), 0);
  const wordsHeight = head.height + (rows.length > 0 ? 4 : 0) + factsHeight;
  const height = Math.max(wordsHeight, code === null ? 0 : codeSide + 14);
  page.need(height);
  const top = page.y;
  canvas.draw(head, sheet.left, top);
  let y = top + head.height + 4;
  for (const { label, value } of rows) {
    canvas.draw(label, sheet.left, y);
    canvas.draw(value, sheet.left + labelWidth + gap, y);
    y += Math.max(label.height, value.height);
  }
  if (code !== null) {
    drawCode(page, code, sheet.right - codeSide, top);
    const caption = canvas.set(
      view.words.scan,
      { size: 7, weight: 'regular', color: theme.grey },
      codeSide + 10 * mm,
    );
    canvas.draw(caption, sheet.right, top + codeSide + 3, 'right');
  }
  page.y = top + height + 2 * mm * page.spacing;
  if (note !== null && note.trim() !== '')
    page.write(note, body(page), sheet.left, code === null ? sheet.text : 150 * mm);
  page.y += 4 * mm;
};

/** The squares, each run of a row as one rectangle, in black: what a camera reads best. */
const drawCode = ({ canvas }: Page, payload: string, left: number, top: number): void => {
  const squares = qrSquares(payload);
  const side = codeSide / squares.length;
  squares.forEach((row, line) => {
    let start = -1;
    [...row, false].forEach((dark, column) => {
      if (dark && start < 0) start = column;
      if (dark || start < 0) return;
      canvas.pdf.rect(left + start * side, top + line * side, (column - start) * side, side);
      start = -1;
    });
  });
  canvas.pdf.fill('#000000');
};
