import {
  type McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { obstacle } from '#operation/obstacle.ts';
import { callTool } from './call-tool.ts';
import type { Exchange } from './exchange.ts';
import { scopeChallengeFor } from './step-up.ts';
import { toolName } from './tool-name.ts';

/** A record that can be read by its address: what a tool answers, with one variable of the address as one of its arguments. */
interface RecordResource {
  readonly name: string;
  readonly template: string;
  readonly operation: string;
  /** The argument that stands in the address. */
  readonly argument: string;
  readonly title: string;
  readonly description: string;
}

const records: readonly RecordResource[] = [
  {
    name: 'invoice',
    template: 'stint://invoices/{id}',
    operation: 'invoices.get',
    argument: 'id',
    title: 'One invoice',
    description: 'An invoice with its lines, taxes and sums.',
  },
  {
    name: 'report',
    template: 'stint://reports/{type}',
    operation: 'reports.run',
    argument: 'type',
    title: 'A report of this month',
    description: 'A report from the first of this month until today.',
  },
];

/** The text of a tool's answer, which is JSON in one piece. */
const textOf = (content: readonly object[]): string =>
  content.map((part) => ('text' in part ? String(part.text) : '')).join('');

const codeOf = (text: string): unknown => {
  const { error } = JSON.parse(text) as { error?: { code?: unknown } };
  return error?.code;
};

/** Registers what can be read by its address: invoices and reports, for whoever may call the tool that shows them. */
export const registerRecordResources = (server: McpServer, exchange: Exchange): void => {
  const { toolbox, actor, now, menu } = exchange;
  for (const { name, template, operation, argument, title, description } of records) {
    const tool = toolbox.find(operation);
    if (tool === undefined) continue;
    const values: unknown = tool.operation.input.shape[argument];
    const choices = values instanceof z.ZodEnum ? values.options.map(String) : [];
    server.registerResource(
      name,
      new ResourceTemplate(template, {
        list: undefined,
        complete: { [argument]: (typed) => choices.filter((each) => each.startsWith(typed.toLowerCase())) },
      }),
      {
        title,
        description: `${description} As ${toolName(operation, menu.spelling)} answers.`,
        mimeType: 'application/json',
        // What it says may change at any moment, and who may see it too.
        cacheHint: { ttlMs: 0, cacheScope: 'private' },
        scopeChallenge: () => scopeChallengeFor(actor.via, obstacle(actor, tool.operation, now)),
      },
      async ({ href }, variables): Promise<ReadResourceResult> => {
        const answer = await callTool(exchange, tool, { [argument]: String(variables[argument]) });
        const text = 'content' in answer ? textOf(answer.content as object[]) : '';
        if ('isError' in answer && answer.isError === true) {
          if (codeOf(text) === 'not_found') throw new ResourceNotFoundError(href);
          throw new ProtocolError(ProtocolErrorCode.InvalidParams, text);
        }
        return { contents: [{ uri: href, mimeType: 'application/json', text }] };
      },
    );
  }
};
