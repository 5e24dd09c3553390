import type { ColumnKey, LineRow } from './line-table.ts';
import type { Block, Style } from './pdf-canvas.ts';
import { mm, type Page, sheet } from './pdf-page.ts';

interface Column {
  key: ColumnKey;
  label: string;
  x: number;
  width: number;
}

/** The columns with their places, in a size in which the description keeps enough room. */
interface Plan {
  size: number;
  columns: readonly Column[];
  /** What the units beside the quantities take. */
  unitWidth: number;
}

const roomy = 5;
/** What a description should have, and what it has to have before the figures are set smaller still. */
const [goodDescription, leastDescription] = [52 * mm, 38 * mm];
const gapOf = (size: number): number => (size - 3) * 0.66 * mm;
const paddingOf = (page: Page): number => roomy * page.spacing;

/** The lines, over as many sheets as they need, each with the heads; the last line stays with what `tail` says has to follow it. */
export const drawLines = (page: Page, tail: number): void => {
  const { rows } = page.view.table;
  const plan = planOf(page);
  page.need(90);
  drawHeads(page, plan);
  rows.forEach((row, index) => {
    const set = setRow(page, plan, row);
    const last = index === rows.length - 1;
    const room = page.bottom - page.y;
    const sheetRoom = page.bottom - 45 * mm;
    const wanted = last && set.height + tail <= sheetRoom ? set.height + tail : set.height;
    if (wanted > room && index > 0 && set.height <= sheetRoom) nextSheet(page, plan);
    drawRow(page, plan, set);
  });
};

const nextSheet = (page: Page, plan: Plan): void => {
  page.next();
  drawHeads(page, plan);
};

const styleOf = (page: Page, size: number, key: ColumnKey): Style => ({
  size,
  weight: 'regular',
  color: key === 'position' ? page.theme.grey : page.theme.ink,
  figures: key !== 'description',
});

const headStyle = (page: Page): Style => ({ size: 7.5, weight: 'bold', color: page.theme.grey });

const planOf = (page: Page): Plan => {
  const leaves = (least: number, sizes: readonly number[]): Plan | undefined => {
    for (const size of sizes) {
      const plan = planIn(page, size);
      if (widthOf(plan.columns, 'description') >= least) return plan;
    }
    return undefined;
  };
  return (
    leaves(goodDescription, [9, 8.5, 8]) ??
    leaves(leastDescription, [8, 7.5, 7, 6.5, 6, 5.5]) ??
    planIn(page, 5)
  );
};

const widthOf = (columns: readonly Column[], key: ColumnKey): number =>
  columns.find((column) => column.key === key)?.width ?? 0;

const planIn = (page: Page, size: number): Plan => {
  const { canvas, view } = page;
  const { columns, rows } = view.table;
  const natural = (texts: Iterable<string>, style: Style): number => {
    let most = 0;
    for (const text of new Set(texts)) most = Math.max(most, canvas.set(text, style, 10_000).width);
    return most;
  };
  const units = natural(
    rows.map(({ unit }) => unit),
    unitStyle(page, size),
  );
  const unitWidth = units === 0 ? 0 : units + 3;
  const widths = columns.map(({ key, label }) => {
    if (key === 'description') return 0;
    const content = natural(
      rows.map((row) => row[key]),
      styleOf(page, size, key),
    );
    const wide = Math.max(content + (key === 'quantity' ? unitWidth : 0), natural([label], headStyle(page)));
    // Long names of taxes are broken; amounts never are.
    return key === 'tax' ? Math.min(wide, size * 2.6 * mm) : wide;
  });
  const gap = gapOf(size);
  const taken = widths.reduce((sum, width) => sum + width, 0) + gap * (columns.length - 1);
  let x: number = sheet.left;
  const placed = columns.map(({ key, label }, index) => {
    const width = key === 'description' ? Math.max(20 * mm, sheet.text - taken) : (widths[index] ?? 0);
    const column = { key, label, x, width };
    x += width + gap;
    return column;
  });
  return { size, columns: placed, unitWidth };
};

const unitStyle = (page: Page, size: number): Style => ({
  size: size - 0.5,
  weight: 'regular',
  color: page.theme.grey,
  leading: (1.4 * size) / (size - 0.5),
});

const isLeft = (key: ColumnKey): boolean => key === 'description' || key === 'position';

const drawHeads = (page: Page, { columns }: Plan): void => {
  const { canvas, theme } = page;
  for (const { key, label, x, width } of columns) {
    const block = canvas.set(label, headStyle(page), width + 1);
    canvas.draw(block, isLeft(key) ? x : x + width, page.y, isLeft(key) ? 'left' : 'right');
  }
  page.y += 15;
  canvas.rule(sheet.left, page.y, sheet.text, theme.accent, 1);
  page.y += 1;
};

interface SetRow {
  cells: readonly { column: Column; block: Block }[];
  unit: Block;
  text: readonly { block: Block }[];
  height: number;
}

const setRow = (page: Page, { size, columns, unitWidth }: Plan, row: LineRow): SetRow => {
  const { canvas } = page;
  const cells = columns
    .filter(({ key }) => key !== 'description')
    .map((column) => ({
      column,
      block: canvas.set(
        row[column.key],
        styleOf(page, size, column.key),
        column.key === 'tax' ? column.width + 0.5 : 10_000,
      ),
    }));
  const width = widthOf(columns, 'description');
  const detail: Style = { size: size - 1, weight: 'regular', color: page.theme.grey };
  const text = [
    { block: canvas.set(row.description, styleOf(page, size, 'description'), width) },
    { block: canvas.set(row.details ?? '', detail, width) },
  ];
  const textHeight = text.reduce((sum, { block }) => sum + block.height, 0);
  const highest = Math.max(textHeight, ...cells.map(({ block }) => block.height));
  return {
    cells,
    unit: canvas.set(row.unit, unitStyle(page, size), unitWidth + 1),
    text,
    height: highest + 2 * paddingOf(page),
  };
};

const drawRow = (page: Page, plan: Plan, { cells, unit, text, height }: SetRow): void => {
  const { canvas, theme } = page;
  const description = plan.columns.find(({ key }) => key === 'description');
  const top = page.y;
  const padding = paddingOf(page);
  const sheetNow = canvas.pdf.bufferedPageRange().count;
  for (const { column, block } of cells) {
    const { key, x, width } = column;
    if (isLeft(key)) canvas.draw(block, x, top + padding);
    else canvas.draw(block, x + width - (key === 'quantity' ? plan.unitWidth : 0), top + padding, 'right');
    if (key === 'quantity') canvas.draw(unit, x + width - plan.unitWidth + 3, top + padding);
  }
  page.y += padding;
  for (const { block } of text) {
    for (const line of block.lines) {
      if (page.y + block.lineHeight > page.bottom) {
        nextSheet(page, plan);
        page.y += padding;
      }
      canvas.draw({ ...block, lines: [line] }, description?.x ?? sheet.left, page.y);
      page.y += block.lineHeight;
    }
  }
  const stayed = canvas.pdf.bufferedPageRange().count === sheetNow;
  page.y = stayed ? top + height : page.y + padding;
  canvas.rule(sheet.left, page.y, sheet.text, theme.line, 0.5);
};
