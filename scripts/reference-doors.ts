import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { operations } from '#catalogue.ts';
import { commands } from '#doors/cli/command-line.ts';
import { exitCodes } from '#doors/cli/outcome.ts';
import { rateLimits } from '#doors/common/rate-limit.ts';
import { routesOf } from '#doors/http/route.ts';
import { requiredScopes } from '#operation/obstacle.ts';
import { markdownTable } from './markdown-table.ts';

/** http.md: the REST API. */
export const httpReference = (): string =>
  [
    '# The HTTP API',
    'Every operation that is open here, below `/api/v1`. The whole of it as OpenAPI 3.1: `/api/v1/openapi.json`.',
    '## Asking',
    [
      '- **Who asks**: `Authorization: Bearer …` with an API token made for the resource `api` (`stint token create --resource api`, or on the page API tokens), or an access token of an OAuth connection for the resource `…/api`. A token for MCP does not open the API. Tokens in the address are never read.',
      '- **Arguments** of GET and DELETE are in the query string: lists repeated or separated by commas (`tag_ids=a,b`), `true` and `false`, `null`. Those of POST and PATCH are a JSON object of at most 1 MiB, `Content-Type: application/json`, which DELETE takes too. An argument given twice differently is refused.',
      '- **`Idempotency-Key`** is the argument `idempotency_key`: the same key with the same arguments gives the first answer again, with `meta.replayed`.',
      '- **`If-Match: "3"`** is the argument `expected_version`. Where the record has another version the answer is 412 (409 for the argument), with the code `conflict_version`.',
      '- A change that does not have the argument refuses such a header (422) and does nothing; what only reads takes no notice of it.',
    ].join('\n'),
    '## Answers',
    [
      '- 200, or 201 with `Location` for what was made. `ETag` is the version of the record.',
      '- Lists have `data` and `meta.next_cursor`; `Link: <…>; rel="next"` is the next page.',
      '- `meta.omitted` names fields that the token may not see, `meta.warnings` what the user should know.',
      '- Refusals are `application/problem+json` (RFC 9457): `detail` is the sentence, `code` the refusal (see errors.md), `field`, `details`, `fix` (the operation that helps), `retry_after_ms`. `type` leads to what the code means.',
      '- 401 and, for OAuth connections, 403 `insufficient_scope` carry a `WWW-Authenticate` challenge that leads to the authorization server.',
      `- Limits for each token or connection: ${String(rateLimits.reads)} requests a minute that read, ${String(rateLimits.writes)} that change something; then 429 with \`Retry-After\`.`,
      '- `X-Request-Id` finds the request in the audit log and in the operator’s log.',
      '- Scripts of any origin may call it (`Access-Control-Allow-Origin: *`, without credentials): cookies are never looked at, so a page can do nothing without a token.',
    ].join('\n'),
    '## Paths',
    markdownTable(
      ['Method', 'Path', 'Operation', 'Scopes'],
      routesOf(operations)
        .sort(
          (a, b) =>
            a.route.path.localeCompare(b.route.path, 'en') ||
            a.route.method.localeCompare(b.route.method, 'en'),
        )
        .map(({ operation, route }) => [
          route.method,
          `\`${route.path}\``,
          `\`${operation.name}\``,
          requiredScopes(operation)
            .map((scope) => `\`${scope}\``)
            .join(' '),
        ]),
    ),
  ].join('\n\n');

const leaves = (command: Command, path: readonly string[]): [string, Command][] =>
  command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((each) => leaves(each, [...path, each.name()]));

const commandSection = ([path, command]: [string, Command]): string => {
  const options = command.options.map(({ flags, description, argChoices, defaultValue }) => {
    const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
    const standard = typeof defaultValue === 'string' ? `; ${defaultValue} where left out` : '';
    return `- \`${flags}\`: ${description || 'one of them'}${choices}${standard}`;
  });
  const choices = command.registeredArguments.flatMap((argument) =>
    argument.argChoices === undefined ? [] : [`- \`${argument.name()}\`: ${argument.argChoices.join(', ')}`],
  );
  return [
    `### \`${path} ${command.usage()}\``,
    `${command.description().replace(/^./, (letter) => letter.toUpperCase())}.`,
    ...(choices.length + options.length === 0 ? [] : [[...choices, ...options].join('\n')]),
  ].join('\n\n');
};

/** cli.md: the commands of the operator. */
export const cliReference = (): string => {
  const desk = {
    house: () => {
      throw new Error('no command runs here');
    },
    operations: [],
    stdin: undefined,
    answer: () => undefined,
    leave: () => undefined,
  };
  return [
    '# The command line',
    '`bin/stint` (or `npx stint`), for whoever runs Stint. Who can read the data folder, or has `DATABASE_URL`, may do everything: the commands ask for no password.',
    'While the server runs on the embedded database, the commands are carried out by the server, through a socket in the data folder that only its owner can open; they count on the next request. With `DATABASE_URL` they go to the database directly. `--json` makes every command answer in JSON.',
    '## Exit codes',
    markdownTable(
      ['Code', 'Means'],
      Object.entries(exitCodes).map(([code, words]) => [code, words]),
    ),
    '## Commands',
    ...leaves(commands(desk), ['stint']).map(commandSection),
    '## Calling operations',
    'Arguments are a JSON object, `-` for JSON from standard input, or flags: `stint call tags.create --name "Deep work" --email you@example.com --workspace yours`. An argument that is itself called `email` or `workspace` goes into the JSON. What deletes something, or reaches people outside, needs `--yes` (or `--dry-run`, where there is one).',
  ].join('\n\n');
};

/** environment.md: from the docblocks of src/config.ts. */
export const environmentReference = (): string => {
  const source = readFileSync(new URL('../src/config.ts', import.meta.url), 'utf8');
  const rows = [...source.matchAll(/\/\*\*\s+([A-Z][A-Z_]+): ([\s\S]+?)\s*\*\//g)].map(
    ([, name = '', text = '']) => [`\`${name}\``, text.replaceAll(/\s*\n\s*\*\s*/g, ' ')],
  );
  if (rows.length < 5) throw new Error('src/config.ts no longer says what its variables mean');
  return [
    '# Environment',
    'Every variable that Stint reads. What follows the semicolon is the value where it is not set.',
    markdownTable(['Variable', 'Meaning'], rows),
  ].join('\n\n');
};
