import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { docPages } from '#operation/docs.ts';
import { type Exchange } from './exchange.ts';
import { toolName } from './tool-name.ts';

const root = 'stint://docs/';
const oneTool = 'tools/';
const most = 100;

const descriptions: Record<string, string> = {
  overview:
    'What there is, how values are written, how to change things safely, what refusals mean. Read it first.',
  tools: 'Every tool in a line, with its effect.',
  'workflows/time-tracking': 'How to run timers and log, read and mend time.',
  'workflows/invoicing':
    'From unbilled time to a paid invoice: draft, preview, the user’s yes, send, payments.',
  'workflows/month-end': 'How to close a month: time, rates, drafts, money owed, taxes, lock.',
  errors: 'Every way that Stint says no.',
  scopes: 'Every permission that a connection can have.',
};

/** The pages of the docs, and the template of one tool's page, completed with the names of tools. */
export const registerResources = (server: McpServer, { house, toolbox, menu }: Exchange): void => {
  const pages = docPages(house.operations);
  const page = (uri: string, markdown: string): ReadResourceResult => ({
    contents: [{ uri, mimeType: 'text/markdown', text: toolbox.spell(markdown, menu.spelling) }],
  });
  for (const [path, { title, markdown }] of pages) {
    if (path.startsWith(oneTool)) continue;
    const uri = `${root}${path}`;
    const description = descriptions[path];
    server.registerResource(path, uri, { title, description, mimeType: 'text/markdown' }, () =>
      page(uri, markdown),
    );
  }
  const names = toolbox.tools.map(({ operation }) => toolName(operation.name, menu.spelling));
  server.registerResource(
    'tool',
    new ResourceTemplate(`${root}${oneTool}{name}`, {
      list: undefined,
      complete: {
        name: (typed) => names.filter((name) => name.includes(typed.toLowerCase())).slice(0, most),
      },
    }),
    {
      title: 'One tool',
      description: 'Arguments, answer, permissions and refusals of one tool.',
      mimeType: 'text/markdown',
    },
    ({ href }, { name }) => {
      const tool = toolbox.find(String(name));
      const found = tool === undefined ? undefined : pages.get(`${oneTool}${tool.operation.name}`);
      if (found === undefined) throw new ResourceNotFoundError(href);
      return page(href, found.markdown);
    },
  );
};
