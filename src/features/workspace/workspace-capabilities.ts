import { z } from 'zod';
import { type Actor, roles } from '#operation/actor.ts';
import { obstacle } from '#operation/obstacle.ts';
import { type Operation, operation } from '#operation/operation.ts';
import { validationFailed } from '#values/refusal.ts';

const hiddenTool = z.object({
  tool: z.string().describe('Its name.'),
  code: z.string().describe('The refusal that a call would get.'),
  because: z.string().describe('Why, in a sentence.'),
  missing: z.array(z.string()).optional().describe('Permissions that the person could add.'),
});

const whyNot = (actor: Actor, tool: Operation, now: Temporal.Instant): z.output<typeof hiddenTool> | null => {
  const refusal = obstacle(actor, tool, now);
  if (refusal === null) return null;
  const { missing } = refusal.details as { missing?: string[] };
  const because =
    refusal.code === 'role_too_low'
      ? `It needs the role ${tool.needs.role} or above; yours is ${actor.membership.role}.`
      : missing === undefined
        ? refusal.message
        : `The connection was not given ${missing.join(', ')}.`;
  return { tool: tool.name, code: refusal.code, because, ...(missing === undefined ? {} : { missing }) };
};

export const workspaceCapabilities = operation({
  name: 'workspace.capabilities',
  title: 'What can I do here',
  summary: 'Which tools this connection may use, which not, and why not.',
  guidance: 'Give tool to ask about one. For a missing permission, show the user add_permissions_at.',
  effect: 'read',
  needs: { role: 'viewer' },
  input: z.object({
    tool: z
      .string()
      .max(80)
      .optional()
      .describe('One tool, like tasks.create or tasks_create. Without it: all.'),
  }),
  output: z.object({
    role: z.enum(roles).describe('The person’s role.'),
    scopes: z.array(z.string()).describe('What the connection was given.'),
    plan: z.string().describe('The workspace’s plan.'),
    billing_state: z.string().describe('Its billing state.'),
    entitlements: z
      .record(z.string(), z.union([z.boolean(), z.number(), z.null()]))
      .describe('What its plan gives.'),
    tools: z.array(z.string()).describe('Tools that work.'),
    hidden: z.array(hiddenTool).describe('Tools that would be refused.'),
    add_permissions_at: z.string().describe('Where the person can add permissions to the connection.'),
  }),
  async handle({ tool: asked }, { actor, now, operations, publicUrl }) {
    const name = asked?.trim().toLowerCase();
    const tools = operations.filter(
      (each) =>
        each.doors.has('mcp') &&
        (name === undefined || each.name === name || each.name.replaceAll('.', '_') === name),
    );
    if (tools.length === 0) {
      throw validationFailed(
        { message: `There is no tool called "${asked ?? ''}". Leave tool out to see all of them.` },
        'tool',
      );
    }
    const hidden = tools.map((each) => whyNot(actor, each, now)).filter((each) => each !== null);
    const refused = new Set(hidden.map((each) => each.tool));
    return {
      role: actor.membership.role,
      scopes: [...actor.via.scopes],
      plan: actor.workspace.plan,
      billing_state: actor.workspace.billing_state,
      entitlements: { ...actor.workspace.entitlements },
      tools: tools.map((each) => each.name).filter((each) => !refused.has(each)),
      hidden,
      // An API token keeps what it was made with; another one can be made.
      add_permissions_at: `${publicUrl}/account/${actor.via.kind === 'token' ? 'tokens' : 'integrations'}`,
    };
  },
});
