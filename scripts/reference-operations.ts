import { catalogue, operations } from '#catalogue.ts';
import { doorProblems } from '#doors/http/problem.ts';
import { apiRoot, routeOf } from '#doors/http/route.ts';
import { toolName } from '#doors/mcp/tool-name.ts';
import { roles } from '#operation/actor.ts';
import { operationPage } from '#operation/docs.ts';
import { requiredScopes } from '#operation/obstacle.ts';
import { hintsOf, type Operation } from '#operation/operation.ts';
import { coarseScopes, expand, type CoarseScope, scopeNames, scopes } from '#operation/scopes.ts';
import { permissionMatrix } from '#testing/permission-matrix.ts';
import { refusals, statusOf } from '#values/refusal.ts';
import { markdownTable } from './markdown-table.ts';

const hintWords = {
  readOnlyHint: 'read-only',
  destructiveHint: 'destructive',
  idempotentHint: 'idempotent',
  openWorldHint: 'open world',
} as const;

/** Where an operation is found, in one line. */
const places = (operation: Operation): string => {
  const { name, doors, effect } = operation;
  const { method, path } = routeOf(operation);
  const hints = Object.entries(hintsOf(effect)).flatMap(([hint, on]) =>
    on ? [hintWords[hint as keyof typeof hintWords]] : [],
  );
  return [
    doors.has('mcp')
      ? `MCP \`${toolName(name, 'wire')}\` (${hints.join(', ') || 'no hint is true'})`
      : 'never on MCP',
    ...(doors.has('http') ? [`HTTP \`${method} ${apiRoot}${path}\``] : []),
    ...(doors.has('cli') ? [`CLI \`stint call ${name}\``] : []),
  ].join(' · ');
};

const section = (operation: Operation): string => {
  const [heading = '', ...rest] = operationPage(operation).markdown.replaceAll(/^#/gm, '###').split('\n\n');
  return [heading, places(operation), ...rest].join('\n\n').trimEnd();
};

/** tools.md: every operation, at every door. */
export const toolsReference = (): string =>
  [
    '# Operations',
    'Everything that Stint can do, in the order of the menu. Each is the same at every door: MCP tool, HTTP request, command, button.',
    ...catalogue
      .filter((part) => part.operations.length > 0)
      .flatMap((part) => [
        `## ${part.title}`,
        `Toolset \`${part.toolset}\`.`,
        ...part.operations.map(section),
      ]),
  ].join('\n\n');

const inWords = (yes: boolean): string => (yes ? '✓' : '');

/** scopes.md: what each scope is for, and which umbrella contains it. */
export const scopesReference = (): string => {
  const umbrellas = Object.keys(coarseScopes) as CoarseScope[];
  const usersOf = (scope: string) =>
    operations.filter((operation) => requiredScopes(operation).some((each) => each === scope));
  return [
    '# Scopes',
    'What a connection or API token may be allowed. `x:write`, `x:send` and `x:approve` are valid only together with `x:read`. `mcp` opens the MCP resource and is always required there. A person can take scopes away, or add them, under Integrations; the change counts on the next call.',
    '## Umbrellas',
    'For clients that ask for one scope. API tokens take fine-grained scopes only. `invoices:send` is in none of them.',
    markdownTable(
      ['Scope', 'May'],
      umbrellas.map((name) => [`\`${name}\``, coarseScopes[name].words]),
    ),
    '## Fine-grained scopes',
    '“By name”: offered at consent only when the client asked for it by name.',
    markdownTable(
      ['Scope', 'May', 'Offered', ...umbrellas.map((name) => `\`${name}\``), 'Operations'],
      scopeNames.map((scope) => [
        `\`${scope}\``,
        scopes[scope].words,
        scopes[scope].offer === 'named' ? 'by name' : 'always',
        ...umbrellas.map((name) => inWords(expand(name).includes(scope))),
        usersOf(scope)
          .map(({ name }) => `\`${name}\``)
          .join(', '),
      ]),
    ),
  ].join('\n\n');
};

/** permissions.md: role by operation, by asking the question that every call asks. */
export const permissionsReference = (): string =>
  [
    '# Permissions',
    'Who may do what, given every scope, on a plan with everything. A call passes when scope, role, plan and billing state all allow it, asked in this order. Members change what is their own; rates and amounts are shown to managers and above, unless the workspace lets members see them.',
    markdownTable(
      ['Operation', 'Scopes', 'Plan must have', ...roles],
      permissionMatrix(operations).map(([operation, may]) => [
        `\`${operation.name}\``,
        [
          ...requiredScopes(operation).map((scope) => `\`${scope}\``),
          ...(operation.needs.anyScope === undefined
            ? []
            : [`one of ${operation.needs.anyScope.map((scope) => `\`${scope}\``).join(', ')}`]),
          ...(operation.needs.coarse === undefined ? [] : [`\`${operation.needs.coarse}\``]),
        ].join(' '),
        operation.needs.entitlement ?? '',
        ...roles.map((role) => inWords(may[role])),
      ]),
    ),
  ].join('\n\n');

/** errors.md: every way to say no, by its code. */
export const errorsReference = (): string => {
  const usersOf = (code: string) =>
    operations.filter((operation) => operation.refusals.some((each) => each.code === code));
  return [
    '# Errors',
    'Every way that Stint says no. The code and the sentence are the same at every door. On MCP it is a tool result with `isError`; over HTTP it is `application/problem+json` with the status below; at the command line it is a sentence and an exit code.',
    markdownTable(
      ['Code', 'HTTP', 'Means', 'Helps', 'Operations'],
      [...refusals.values()]
        .sort((a, b) => (a.code < b.code ? -1 : 1))
        .map(({ code, kind, about, fixTool }) => [
          `\`${code}\``,
          String(statusOf[kind]),
          about,
          fixTool === undefined ? '' : `\`${fixTool}\``,
          usersOf(code)
            .map(({ name }) => `\`${name}\``)
            .join(', '),
        ]),
    ),
    '## At the HTTP door only',
    markdownTable(
      ['Code', 'HTTP', 'Means'],
      Object.entries(doorProblems).map(([code, { status, about }]) => [`\`${code}\``, String(status), about]),
    ),
  ].join('\n\n');
};
