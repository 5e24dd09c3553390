import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { type Consent, Question } from '#operation/question.ts';
import { broken, run } from '#operation/run.ts';
import { rateLimited, Refusal } from '#values/refusal.ts';
import { asking } from './consent.ts';
import type { Exchange } from './exchange.ts';
import { resourceLinks } from './resource-links.ts';
import { addPermissionUrl } from './step-up.ts';
import type { Tool } from './toolbox.ts';
import { toolName } from './tool-name.ts';

/** Details with the sentences of their issues spelled for the list that the client sees; what else they hold is no text of ours. */
const spellMessages = (details: object, spell: (text: string) => string): object =>
  'issues' in details && Array.isArray(details.issues)
    ? {
        ...details,
        issues: (details.issues as { path: string; message: string }[]).map((issue) => ({
          ...issue,
          message: spell(issue.message),
        })),
      }
    : details;

/**
 * A refusal as a tool result. Only as text: SDK v1 clients check `structuredContent` against the output schema even of an error, and
 * would show the model a complaint about the schema in place of our sentence.
 */
const refused = ({ toolbox, menu, actor, house }: Exchange, refusal: Refusal): CallToolResult => {
  const { message, fix_tool: fixTool, details, ...error } = refusal.toJSON();
  const link = addPermissionUrl(house.publicUrl, actor.via, refusal);
  const sentence = toolbox.spell(message, menu.spelling);
  const shown = {
    ...error,
    ...(details === undefined
      ? {}
      : { details: spellMessages(details, (text) => toolbox.spell(text, menu.spelling)) }),
    message: link === null ? sentence : `${sentence} The page to add it: ${link}`,
    ...(fixTool === undefined ? {} : { fix_tool: toolName(fixTool, menu.spelling) }),
    ...(link === null ? {} : { add_permission_url: link }),
  };
  return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error: shown }) }] };
};

/**
 * Calls the tool's operation, or gives the question that the user must be asked first. An answer is the same JSON as structured content
 * and as text, for clients read one or the other; files it gives the addresses of are links beside it.
 */
export const callTool = async (
  exchange: Exchange,
  tool: Tool,
  input: unknown,
  consent?: Consent,
): Promise<CallToolResult | InputRequiredResult> => {
  const { house, actor, facts, limiter, toolbox, menu } = exchange;
  const { operation } = tool;
  try {
    const wait = await limiter.take(
      operation.effect === 'read' ? 'reads' : 'writes',
      actor.via.id ?? actor.user.id,
    );
    if (wait > 0) throw rateLimited({ retry_after_ms: wait });
    const answer = await run(
      house,
      actor,
      operation,
      input,
      consent === undefined ? facts : { ...facts, consent },
    );
    const warnings = answer.meta?.warnings;
    if (warnings !== undefined) {
      answer.meta = { ...answer.meta, warnings: warnings.map((text) => toolbox.spell(text, menu.spelling)) };
    }
    const links = exchange.takesLinks ? resourceLinks(answer, tool.files) : [];
    return { content: [{ type: 'text', text: JSON.stringify(answer) }, ...links], structuredContent: answer };
  } catch (error) {
    if (error instanceof Question) return asking(error);
    if (error instanceof Refusal) return refused(exchange, error);
    // The SDK would show the message of whatever was thrown; only sentences of ours go out.
    house.log.error({ err: error, operation: operation.name, request: facts.id }, 'call failed');
    return refused(exchange, broken({ reference: facts.id }));
  }
};
