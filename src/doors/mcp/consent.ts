import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  type InputRequiredResult,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Consent, Question } from '#operation/question.ts';

/** Under this name the question goes out and the answer comes back. */
const key = 'confirm';
const form = z.object({ confirm: z.boolean().meta({ title: 'Yes, do it' }) });
/** The form as it comes back: there are clients that leave out a box which was not ticked. */
const filledIn = z.object({ confirm: z.boolean().default(false) });

/**
 * Whether this client can show a form: declared with this very request, as 2026-07-28 has it. An empty declaration means forms. Clients
 * of before say what they can once, at a handshake, which is not kept: they are never asked.
 */
const canAsk = ({ mcpReq }: ServerContext): boolean => {
  const envelope = mcpReq.envelope as Partial<Record<string, unknown>> | undefined;
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
  const elicitation = declared?.elicitation;
  return elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
};

/** What this request says of the user's will; undefined where the client cannot ask. What is no answer counts as none. */
export const consentIn = (context: ServerContext): Consent | undefined => {
  if (!canAsk(context)) return undefined;
  const state = context.mcpReq.requestState<string>();
  const given = inputResponse(context.mcpReq.inputResponses, key);
  if (state === undefined || given.kind !== 'elicit') return 'not_asked';
  if (given.action !== 'accept') return { state, accepted: false };
  const read = filledIn.safeParse(given.content);
  return read.success ? { state, accepted: read.data.confirm } : 'not_asked';
};

/** The question as the result of the call: the client puts it to the user and calls again, with the answer and the state. */
export const asking = ({ sentence, state }: Question): InputRequiredResult =>
  inputRequired({
    inputRequests: { [key]: inputRequired.elicit({ message: sentence, requestedSchema: form }) },
    requestState: state,
  });
