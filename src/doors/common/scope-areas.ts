import type { Scope } from '#operation/scopes.ts';

/** A permission of some part of Stint; `mcp`, which opens the door itself, is of none. */
type ScopeOfArea = Exclude<Scope, 'mcp'>;
type Area = ScopeOfArea extends `${infer Before}:${string}` ? Before : never;

const areas: Record<Area, string> = {
  profile: 'You',
  tasks: 'Tasks',
  time: 'Time',
  clients: 'Clients',
  projects: 'Projects',
  tags: 'Tags',
  rules: 'Rules',
  invoices: 'Invoices',
  reports: 'Reports',
  billing: 'Billing',
  workspace: 'Workspace',
  members: 'Members',
  timesheets: 'Timesheets',
  expenses: 'Expenses',
  rates: 'Rates',
  notifications: 'Notifications',
  audit: 'Audit log',
  data: 'Data',
  tokens: 'Apps and API tokens',
};

/** What people call the part of Stint that a scope is about. */
export const areaName = (scope: ScopeOfArea): string => areas[scope.split(':')[0] as Area];
