import { refusal } from '#values/refusal.ts';

export const accountDisabled = refusal(
  'account_disabled',
  'denied',
  'The account is disabled; it works again when the operator enables it.',
  () => 'This account is disabled. Whoever runs this Stint can enable it again.',
);
export const membershipInactive = refusal<{ workspace: string }>(
  'membership_inactive',
  'denied',
  'The person’s membership of the workspace is inactive; it works again when the operator reactivates it.',
  ({ workspace }) =>
    `Your membership of the workspace "${workspace}" is inactive. Whoever runs this Stint can reactivate it.`,
);
export const workspaceInactive = refusal<{ workspace: string; status: string }>(
  'workspace_inactive',
  'denied',
  'The workspace is suspended or closed; it works again when it is made active.',
  ({ workspace, status }) =>
    `The workspace "${workspace}" is ${status}. Whoever runs this Stint can make it active again.`,
);
export const mcpDisabled = refusal<{ workspace: string }>(
  'mcp_disabled',
  'denied',
  'MCP is switched off for the workspace; it works again when it is switched on.',
  ({ workspace }) =>
    `MCP is switched off for the workspace "${workspace}". It works again, with the same connection, when it is switched on.`,
);
export const publicApiAccessRequired = refusal<{
  workspace: string;
  plan: string;
  because: 'plan' | 'taken_away';
}>(
  'public_api_access_required',
  'denied',
  'The workspace has no access for apps and API tokens: its plan does not include it, or it was taken away.',
  ({ workspace, plan, because }) =>
    because === 'taken_away'
      ? `Access for apps and API tokens (public_api_access) was taken away from the workspace "${workspace}". Whoever runs this Stint can give it back; what was connected then works again.`
      : `The workspace "${workspace}" is on the plan ${plan}, which has no access for apps and API tokens (public_api_access). Whoever runs this Stint can change the plan to team or business; what was connected then works again.`,
);
