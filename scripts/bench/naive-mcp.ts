import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import type { Operation } from '#operation/operation.ts';

/**
 * The SDK as its examples use it: every tool registered with its schemas for every request. No token, no store; each tool gives the same
 * answer, which is `answer`.
 */
export const naiveMcp = (operations: readonly Operation[], answer: Record<string, unknown>) => {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'naive', version: '1.0.0' });
    for (const { name, title, summary, input, output } of operations) {
      server.registerTool(
        name.replaceAll('.', '_'),
        { title, description: summary, inputSchema: input, outputSchema: output },
        () => ({
          content: [{ type: 'text', text: JSON.stringify(answer) }],
          structuredContent: answer,
        }),
      );
    }
    return server;
  });
  return (request: Request): Promise<Response> => handler.fetch(request);
};
