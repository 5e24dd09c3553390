import { type RawBuilder, sql } from 'kysely';
import { idKinds, newId, prefixOf } from '#values/id.ts';
import type { Actor } from './actor.ts';
import type { Change } from './call.ts';
import type { Operation } from './operation.ts';
import type { Answer, RequestFacts } from './run.ts';

/** The entry of the audit log, as the statement that adds it; with `key`, the answer is kept for whoever calls again with that key. */
export const auditEntry = (
  actor: Actor,
  operation: Operation,
  change: Change,
  facts: RequestFacts,
  now: Temporal.Instant,
  kept: { key: string; answer: Answer } | null,
): RawBuilder<unknown> => {
  const prefix = change.id === null ? null : prefixOf(change.id);
  const entry = {
    workspace_id: actor.workspace.id,
    id: newId('aud', now),
    at: now.toString(),
    actor_user_id: actor.user.id,
    actor_role: actor.membership.role,
    via: actor.via.kind,
    via_id: actor.via.id,
    via_name: actor.via.name,
    ip_prefix: facts.ipPrefix,
    action: operation.name,
    entity_type: prefix === null ? null : idKinds[prefix].noun,
    entity_id: change.id,
    before: change.before ?? null,
    after: change.after ?? null,
    request_id: facts.id,
  };
  const text = JSON.stringify(entry, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return kept === null
    ? sql`select append_audit(${text}::jsonb)`
    : sql`with kept as (update idempotency_keys set response = ${JSON.stringify(kept.answer)}
        where user_id = ${actor.user.id} and key = ${kept.key})
      select append_audit(${text}::jsonb)`;
};
