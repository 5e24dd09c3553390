import { isJSONRPCRequest } from '@modelcontextprotocol/server';
import { codes, jsonRpcError } from './json-rpc.ts';

/** The last revision that has batches. */
const lastWithBatches = '2025-03-26';
const mostMessages = 100;

/**
 * Answers a batch, one message after the other, so that every one of them takes the way of a single message. Notifications need no
 * answer, and without sessions they change nothing.
 * @see MCP 2025-03-26, Streamable HTTP, Sending Messages to the Server
 */
export const answerBatch = async (
  request: Request,
  messages: readonly unknown[],
  answerOne: (message: unknown) => Promise<Response>,
): Promise<Response> => {
  const refuse = (sentence: string) => jsonRpcError(400, codes.invalidRequest, sentence);
  const version = request.headers.get('mcp-protocol-version') ?? lastWithBatches;
  if (version > lastWithBatches) {
    return refuse(`Protocol revision ${version} has no batches: send one message with each request.`);
  }
  if (messages.length > mostMessages) return refuse(`A batch has at most ${mostMessages} messages.`);
  const requests = messages.filter((message) => isJSONRPCRequest(message));
  if (requests.some(({ method }) => method === 'initialize')) {
    return refuse('The message initialize stands alone, never in a batch.');
  }
  const answers: string[] = [];
  for (const message of requests) {
    const response = await answerOne(message);
    // A challenge or a limit is an answer to the request as a whole.
    if (response.status !== 200) return response;
    answers.push(await response.text());
  }
  if (answers.length === 0) return new Response(null, { status: 202 });
  return new Response(`[${answers.join(',')}]`, { headers: { 'Content-Type': 'application/json' } });
};
