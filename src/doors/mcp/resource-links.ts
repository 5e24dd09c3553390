import type { CallToolResult } from '@modelcontextprotocol/server';
import { textsAt } from '#operation/linked-files.ts';

type Content = CallToolResult['content'][number];

const mimeTypes: Readonly<Record<string, string>> = { pdf: 'application/pdf', html: 'text/html' };
const most = 20;

/** The first protocol revision whose results can hold links to resources; clients of before would refuse the whole result. */
export const firstWithLinks = '2025-06-18';

/**
 * The files that an answer gives the addresses of, as links that a client can show or fetch without the model having to.
 * @see https://modelcontextprotocol.io/specification/2025-06-18/server/tools#resource-links
 */
export const resourceLinks = (answer: unknown, places: readonly (readonly string[])[]): Content[] =>
  places
    .flatMap((place) => textsAt(answer, place))
    .slice(0, most)
    .map((uri) => {
      const name = decodeURIComponent(new URL(uri).pathname.split('/').at(-1) ?? '');
      const mimeType = mimeTypes[name.split('.').at(-1) ?? ''];
      return { type: 'resource_link', uri, name, ...(mimeType === undefined ? {} : { mimeType }) };
    });
