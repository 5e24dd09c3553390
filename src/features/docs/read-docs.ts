import { z } from 'zod';
import { docPages } from '#operation/docs.ts';
import { operation } from '#operation/operation.ts';
import { notFound } from '#values/refusal.ts';

export const readDocs = operation({
  name: 'docs.read',
  title: 'Read the documentation',
  summary: 'A page of Stint’s documentation in Markdown.',
  guidance:
    'Pages: overview, tools, tools/NAME (one tool), workflows/time-tracking, workflows/invoicing, workflows/month-end, errors, scopes.',
  effect: 'read',
  needs: { role: 'viewer' },
  input: z.object({
    path: z
      .string()
      .max(120)
      .default('overview')
      .describe('The page, like workflows/time-tracking or tools/timers.start.'),
  }),
  output: z.object({
    path: z.string().describe('The page.'),
    title: z.string().describe('Its title.'),
    markdown: z.string().describe('Its text.'),
    pages: z.array(z.string()).describe('The other pages; tools/NAME for each tool beside them.'),
  }),
  async handle({ path }, { operations }) {
    const pages = docPages(operations);
    const plain = path
      .trim()
      .replace(/^stint:\/\/docs\//, '')
      .replace(/^\/|\/$/g, '');
    const name = pages.has(plain)
      ? plain
      : [...pages.keys()].find((each) => each.replaceAll('.', '_') === plain.replaceAll('.', '_'));
    const page = name === undefined ? undefined : pages.get(name);
    if (name === undefined || page === undefined) throw notFound({}, 'path');
    return { path: name, ...page, pages: [...pages.keys()].filter((each) => !each.startsWith('tools/')) };
  },
});
