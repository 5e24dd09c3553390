import { completable, type GetPromptResult, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { docPages } from '#operation/docs.ts';
import { type Exchange } from './exchange.ts';
import { toolsetNames } from './menu.ts';
import { toolName } from './tool-name.ts';

const text = (description: string) => z.string().max(1_000).optional().describe(description);

/** What the user typed, as a quotation: it is a wish, not a part of the guide. */
const wish = (label: string, value: string | undefined): string[] =>
  value === undefined || value.trim() === '' ? [] : [`${label}: ${JSON.stringify(value.trim())}`];

const toolUsage = z.object({
  goal: text('What you want to get done, in your own words.'),
  toolset: completable(z.string().max(40), (typed) =>
    toolsetNames().filter((name) => name.startsWith(typed.toLowerCase())),
  )
    .optional()
    .describe('Only tools of this set.'),
});
const timeTracking = z.object({
  work: text('What you worked or work on, like "homepage for Acme".'),
  when: text('When or how long, like "yesterday 13:30 to 15:30", "2 h this morning" or "now".'),
});
const invoicing = z.object({
  client: text('The client.'),
  period: text('The time in question, like "October" or "since the last invoice".'),
});

/** The three prompts. Each puts the guide, the user's wish and the date into one message. */
export const registerPrompts = (server: McpServer, exchange: Exchange): void => {
  const { house, toolbox, menu, actor, now } = exchange;
  const guide = (path: string) =>
    toolbox.spell(docPages(house.operations).get(path)?.markdown ?? '', menu.spelling);
  const local = now.toZonedDateTimeISO(actor.user.timezone);
  const today = `It is ${local.toPlainDate().toString()}, ${local.toPlainTime().toString().slice(0, 5)} in ${actor.user.timezone}.`;
  const message = (description: string, ...parts: string[]): GetPromptResult => ({
    description,
    messages: [{ role: 'user', content: { type: 'text', text: parts.join('\n\n') } }],
  });

  server.registerPrompt(
    'stint.tool_usage',
    {
      title: 'Use Stint well',
      description: 'Which tools this connection has and how to use them, for what you want to get done.',
      argsSchema: toolUsage,
    },
    ({ goal, toolset }) => {
      const shown = toolbox
        .visible(actor, menu, now)
        .filter((tool) => toolset === undefined || toolset === '' || tool.toolset === toolset)
        .map(
          ({ operation }) =>
            `- ${toolName(operation.name, menu.spelling)} (${operation.effect}): ${operation.summary}`,
        );
      return message(
        'How to use the tools of Stint',
        `Use the Stint tools for me. ${today} First say in a line which tools you will use; then use them.`,
        ...wish('What I want', goal),
        `The tools of this connection:\n${shown.length === 0 ? '(none)' : shown.join('\n')}`,
        guide('overview'),
      );
    },
  );
  server.registerPrompt(
    'stint.time_tracking_workflow',
    {
      title: 'Track time',
      description: 'Start a timer or log time for what you describe, on the right task.',
      argsSchema: timeTracking,
    },
    ({ work, when }) =>
      message(
        'How to track time with Stint',
        `Track my time in Stint as the guide below says. ${today}${work === undefined && when === undefined ? ' Ask me what I worked on and when.' : ''}`,
        ...wish('What I worked on', work),
        ...wish('When', when),
        guide('workflows/time-tracking'),
      ),
  );
  server.registerPrompt(
    'stint.invoice_workflow',
    {
      title: 'Prepare an invoice',
      description: 'Put the hours for an invoice in order. Stint itself makes no invoices yet.',
      argsSchema: invoicing,
    },
    ({ client, period }) =>
      message(
        'What Stint can do for an invoice',
        `Prepare what I need for an invoice, as far as the guide below says that it can be done. ${today}`,
        ...wish('Client', client),
        ...wish('Period', period),
        guide('workflows/invoicing'),
      ),
  );
};
