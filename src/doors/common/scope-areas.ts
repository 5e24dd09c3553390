const areas: Record<string, string> = {
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
};

/** What people call the part of Stint that a scope is about; `area` is what stands before its colon. */
export const areaName = (area: string): string => areas[area] ?? area;
