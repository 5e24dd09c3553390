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
const monthEnd = z.object({
  month: text('The month, like "October"; the last whole one if left out.'),
  client: text('Only this client.'),
});
const tones = ['friendly', 'plain', 'firm'];
const overdue = z.object({
  days: z.string().max(10).optional().describe('Only what is overdue by at least so many days.'),
  tone: completable(z.string().max(60), (typed) =>
    tones.filter((tone) => tone.startsWith(typed.toLowerCase())),
  )
    .optional()
    .describe('How reminders should sound: friendly, plain or firm.'),
});

const chasing = `1. \`reports.run\` with type \`ageing\`: who owes what, and since when. List it, oldest first, per client and currency, without adding up currencies.
2. For each invoice, \`invoices.get\` with \`payments\`, and \`invoice_dispatches.list\`: what came in, what was written to them already, and when. Ask whether a payment came that is not recorded yet.
3. Propose for each: wait, a reminder (with its text, in the client’s language), a call, \`invoices.credit\` or \`invoices.write_off\`. Threaten nothing that I did not say, and add no fees.
4. \`invoices.remind\` only for those I say yes to, one at a time, after showing recipients, sum and text. Afterwards say what went to whom.`;

/** The prompts. Each puts the guide, the user's wish and the date into one message. */
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
      title: 'Make an invoice',
      description: 'Draft an invoice from unbilled time, show it, and send it once you said yes.',
      argsSchema: invoicing,
    },
    ({ client, period }) =>
      message(
        'How to make an invoice with Stint',
        `Make an invoice with Stint as the guide below says. ${today} Show me the draft and the preview; issue or send nothing before I have said yes to exactly that.${client === undefined ? ' Ask me for whom, and show what there is to bill.' : ''}`,
        ...wish('Client', client),
        ...wish('Period', period),
        guide('workflows/invoicing'),
      ),
  );
  server.registerPrompt(
    'stint.month_end_close',
    {
      title: 'Close a month',
      description: 'Check the time, rates and money of a month, and draft its invoices.',
      argsSchema: monthEnd,
    },
    ({ month, client }) =>
      message(
        'How to close a month with Stint',
        `Close the month in Stint as the guide below says, step by step. ${today}${month === undefined ? ` The month is ${local.toPlainDate().subtract({ months: 1 }).toPlainYearMonth().toString()}.` : ''} Tell me what you find before you change anything, and send nothing.`,
        ...wish('Month', month),
        ...wish('Only for the client', client),
        guide('workflows/month-end'),
      ),
  );
  server.registerPrompt(
    'stint.chase_overdue',
    {
      title: 'Chase what is overdue',
      description: 'See who owes what and since when, and write reminders, each sent on your word.',
      argsSchema: overdue,
    },
    ({ days, tone }) =>
      message(
        'How to chase what is overdue with Stint',
        `See in Stint what clients owe me past its due date, and help me to get it. ${today}`,
        ...wish('Only if overdue by at least so many days', days),
        ...wish('Tone of the reminders', tone),
        toolbox.spell(chasing, menu.spelling),
        guide('workflows/invoicing'),
      ),
  );
};
