import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { checkVersion, expectedVersion } from '#operation/call.ts';
import { workspaceReadOnly } from '#operation/obstacle.ts';
import { operation } from '#operation/operation.ts';
import { allowsChanges } from '#operation/plans.ts';
import {
  coarseCovers,
  coarseScopes,
  type CoarseScope,
  existsOn,
  type Scope,
  withReadScopes,
} from '#operation/scopes.ts';
import { accessDenied, validationFailed } from '#values/refusal.ts';
import {
  connectionEnded,
  connectionId,
  connectionScopes,
  connectionView,
  findConnection,
  viewConnection,
} from './connection.ts';

/** `mcp` opens the MCP resource and nothing else: always there, never elsewhere. What does not exist on the resource is refused. */
const fitted = (scopes: readonly Scope[], resource: 'mcp' | 'api'): Scope[] => {
  const chosen = scopes.filter((scope) => scope !== 'mcp');
  const foreign = chosen.filter((scope) => !existsOn(resource, scope));
  if (foreign.length > 0) {
    throw validationFailed(
      { message: `${foreign.join(', ')} cannot be given to a connection of the ${resource} resource.` },
      'scopes',
    );
  }
  return withReadScopes(resource === 'mcp' ? ['mcp', ...chosen] : chosen);
};

export const updateConnection = operation({
  name: 'connections.update',
  title: 'Change what a connected app may do',
  summary: 'Give one of your connected apps more or fewer permissions; it counts from its next request on.',
  guidance:
    'Only the person does this, signed in: no app or API token can change permissions, not even its own.',
  effect: 'update',
  needs: { scope: 'tokens:write', role: 'viewer', evenReadOnly: true },
  doors: ['http', 'web', 'cli'],
  input: z.object({
    id: connectionId,
    scopes: connectionScopes,
    coarse: z
      .enum(Object.keys(coarseScopes) as [CoarseScope])
      .nullable()
      .optional()
      .describe('Another umbrella; null takes it away. Left as it is where not given.'),
    expected_version: expectedVersion,
  }),
  output: z.object({ connection: connectionView.describe('The connection as it is now.') }),
  refusals: [connectionEnded, workspaceReadOnly],
  async handle({ id, scopes, coarse, expected_version }, { tx, actor, now, changed }) {
    if (actor.via.kind === 'grant' || actor.via.kind === 'token')
      throw accessDenied({ because: 'only the person does this, signed in' });
    await lockRow(tx, 'oauth_grants', id);
    const row = await findConnection(tx, id, actor, false);
    const before = viewConnection(row, now);
    if (before.status !== 'active') throw connectionEnded({ status: before.status });
    checkVersion(expected_version, row);
    const chosen = fitted(scopes, row.resource);
    const wider =
      chosen.some((scope) => !row.scopes.includes(scope)) ||
      (coarse != null && !coarseCovers(row.coarse, coarse));
    const { billing_state, past_due_since } = actor.workspace;
    // Taking permissions away is never held up by billing; giving them is.
    if (wider && !allowsChanges(billing_state, past_due_since, now))
      throw workspaceReadOnly({ billing_state });
    await tx
      .updateTable('oauth_grants')
      .set({
        scopes: chosen,
        ...(coarse === undefined ? {} : { coarse }),
        version: row.version + 1,
      })
      .where('id', '=', id)
      .execute();
    const connection = viewConnection(await findConnection(tx, id, actor, false), now);
    changed({
      id,
      before: { scopes: before.scopes, coarse: before.coarse },
      after: { scopes: connection.scopes, coarse: connection.coarse },
    });
    return { connection };
  },
});
