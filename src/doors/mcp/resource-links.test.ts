import { expect, test } from 'vitest';
import { makeDraft } from '#testing/invoices.ts';
import { serveMcp } from '#testing/mcp-house.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';
import { resourceLinks } from './resource-links.ts';

interface Result {
  result: { content: { type: string; uri?: string }[]; structuredContent: { url?: string } };
}

test('files that an answer names come as links too, to clients whose revision knows them', async () => {
  const mcp = await serveMcp();
  const { noor } = await makeWorkspace(mcp.house);
  const { id } = await makeDraft(mcp.house, noor);
  const token = await tokenFor(mcp.house, noor);
  const params = { name: 'invoices_preview', arguments: { id } };
  const { result } = (await (await mcp.postModern(token, 'tools/call', params)).json()) as Result;
  expect(result.content).toEqual([
    { type: 'text', text: expect.any(String) },
    {
      type: 'resource_link',
      uri: result.structuredContent.url,
      name: 'draft.pdf',
      mimeType: 'application/pdf',
    },
  ]);
  const older = async (headers: Record<string, string>) => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
    const accept = { Accept: 'application/json, text/event-stream' };
    const answer = await mcp.post(token, message, { ...accept, ...headers });
    return ((await answer.json()) as Result).result.content.map(({ type }) => type);
  };
  expect(await older({ 'MCP-Protocol-Version': '2025-06-18' })).toEqual(['text', 'resource_link']);
  expect(await older({ 'MCP-Protocol-Version': '2025-03-26' })).toEqual(['text']);
  expect(await older({})).toEqual(['text']);
  await mcp.close();
});

test('every file of a list is a link, and what has no address is none', () => {
  const at = 'https://stint.example/files/x.y.z.m';
  const answer = { data: [{ url: `${at}/R%C3%A9sum%C3%A9.html` }, { url: `${at}/a.pdf` }], url: null };
  expect(resourceLinks(answer, [['data', '*', 'url'], ['url'], ['gone', 'url']])).toEqual([
    { type: 'resource_link', uri: `${at}/R%C3%A9sum%C3%A9.html`, name: 'Résumé.html', mimeType: 'text/html' },
    { type: 'resource_link', uri: `${at}/a.pdf`, name: 'a.pdf', mimeType: 'application/pdf' },
  ]);
});
