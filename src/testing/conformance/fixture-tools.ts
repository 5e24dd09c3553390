import { setTimeout as wait } from 'node:timers/promises';
import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The smallest picture and the smallest sound: one pixel, no samples. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

type Content = CallToolResult['content'];
interface FixtureTool {
  readonly description: string;
  readonly call: (context: ServerContext) => Content | Promise<Content>;
}

const text = (words: string) => ({ type: 'text' as const, text: words });
const embedded = (uri: string, mimeType: string, words: string) => ({
  type: 'resource' as const,
  resource: { uri, mimeType, text: words },
});

/** A pause between two notifications; nothing is measured by it. */
const pause = () => wait(20);

const withLogging = async ({ mcpReq }: ServerContext): Promise<Content> => {
  await mcpReq.log('info', 'Tool execution started');
  await pause();
  await mcpReq.log('info', 'Tool processing data');
  await pause();
  await mcpReq.log('info', 'Tool execution completed');
  return [text('Three log messages went before this.')];
};

const withProgress = async ({ mcpReq }: ServerContext): Promise<Content> => {
  const progressToken = mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined) {
      await mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 100 },
      });
    }
    await pause();
  }
  return [text('All done.')];
};

/** The tools that the suite calls and that answer at once. */
const tools: Record<string, FixtureTool> = {
  test_simple_text: {
    description: 'Answers in words.',
    call: () => [text('This is a simple text response for testing.')],
  },
  test_image_content: {
    description: 'Answers with a picture.',
    call: () => [{ type: 'image', data: png, mimeType: 'image/png' }],
  },
  test_audio_content: {
    description: 'Answers with a sound.',
    call: () => [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
  },
  test_embedded_resource: {
    description: 'Answers with a resource.',
    call: () => [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  },
  test_multiple_content_types: {
    description: 'Answers with words, a picture and a resource.',
    call: () => [
      text('Multiple content types test:'),
      { type: 'image', data: png, mimeType: 'image/png' },
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  },
  test_tool_with_logging: { description: 'Writes to the log of the client.', call: withLogging },
  test_logging_tool: { description: 'Writes to the log of a client that wants one.', call: withLogging },
  test_tool_with_progress: { description: 'Tells how far it is.', call: withProgress },
  test_error_handling: {
    description: 'Fails.',
    call: () => {
      throw new Error('This tool intentionally returns an error for testing');
    },
  },
};

/** Which of them say something before they answer. */
export const speakingTools: ReadonlySet<string> = new Set([
  'test_tool_with_logging',
  'test_logging_tool',
  'test_tool_with_progress',
]);

export const registerFixtureTools = (server: McpServer): void => {
  for (const [name, { description, call }] of Object.entries(tools)) {
    server.registerTool(name, { description, inputSchema: z.object({}) }, async (_input, context) => ({
      content: await call(context),
    }));
  }
};
