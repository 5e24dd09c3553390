import { expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { docPages } from './docs.ts';

const pages = docPages(operations);

test('there is a page for every tool, and for no operation that is not one', () => {
  const tools = operations.filter(({ doors }) => doors.has('mcp')).map(({ name }) => `tools/${name}`);
  expect(tools.length).toBeGreaterThan(3);
  expect([...pages.keys()].filter((path) => path.startsWith('tools/')).sort()).toEqual([...tools].sort());
  const text = [...pages.values()].map(({ markdown }) => markdown).join('\n');
  for (const { name, doors } of operations) if (!doors.has('mcp')) expect(text).not.toContain(name);
});

test('a page says what a tool takes, what it needs and how it refuses', () => {
  const page = pages.get('tools/tags.update')?.markdown ?? '';
  expect(page).toContain('# tags.update: Change a tag');
  expect(page).toContain('- `id` (string, required): A tag id, tag_…');
  expect(page).toContain('- `name` (string, 1 to 60 characters)');
  expect(page).toContain('Needs scopes `tags:write`, `tags:read`; role manager or above.');
  expect(page).toContain('- `tag_name_taken`:');
});

test('the pages are made once', () => {
  expect(docPages(operations)).toBe(pages);
});
