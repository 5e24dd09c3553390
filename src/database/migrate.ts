import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { newId } from '#values/id.ts';
import type { Database } from './database.ts';

const folder = new URL('./migrations/', import.meta.url);

/** The migrations in order, each with the hash of its text. Forward only: an applied file is never edited after a release. */
export const migrations = readdirSync(folder)
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return { name, text, hash: createHash('sha256').update(text).digest('hex') };
  });

/** One hash over all migrations: names the prepared image that fits them. */
export const migrationsHash = createHash('sha256')
  .update(migrations.map(({ hash }) => hash).join())
  .digest('hex')
  .slice(0, 16);

/** Brings the database up to date; several processes may call it at once. Throws where an applied migration was changed since. */
export const migrate = (database: Database, now: Temporal.Instant): Promise<void> =>
  database.aboveWorkspaces(now, async (tx) => {
    await sql
      .raw(
        `
      select pg_advisory_xact_lock(718281828);
      create table if not exists migrations (name text primary key, hash text not null, applied_at timestamptz not null default now())
    `,
      )
      .execute(tx);
    const { rows } = await sql<{ name: string; hash: string }>`select name, hash from migrations`.execute(tx);
    const applied = new Map(rows.map(({ name, hash }) => [name, hash]));
    for (const { name, text, hash } of migrations) {
      const known = applied.get(name);
      if (known === undefined) {
        await sql.raw(text).execute(tx);
        await sql`insert into migrations (name, hash) values (${name}, ${hash})`.execute(tx);
      } else if (known !== hash) {
        throw new Error(`Migration ${name} was changed after it was applied here.`);
      }
    }
  });

const undo = new Error('undo');

/**
 * Refuses to serve unless the wall between workspaces stands. Writes a row into one throw-away workspace, looks for it from another,
 * and undoes both; and checks that every table a feature can read which names a workspace is behind the wall.
 */
export const assertWall = async (database: Database, now: Temporal.Instant): Promise<void> => {
  const findings: string[] = [];
  await database
    .aboveWorkspaces(now, async (tx) => {
      const [here, there] = [newId('wsp', now), newId('wsp', now)];
      for (const id of [here, there]) {
        const slug = id.toLowerCase().replace('_', '-');
        await sql`insert into workspaces (id, slug, name) values (${id}, ${slug}, 'wall test')`.execute(tx);
      }
      await sql`insert into tags (id, workspace_id, name) values (${newId('tag', now)}, ${there}, 'wall test')`.execute(
        tx,
      );
      const open = await sql<{ name: string }>`
        select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not c.relrowsecurity
          and has_table_privilege('stint_app', c.oid, 'select')`.execute(tx);
      findings.push(
        ...open.rows.map(({ name }) => `table ${name} has no wall: a migration must call wall('${name}')`),
      );
      await sql.raw(`set local role stint_app; set local app.workspace_id = '${here}'`).execute(tx);
      const [tags, workspaces] = [
        await sql`select from tags`.execute(tx),
        await sql`select from workspaces where id <> ${here}`.execute(tx),
      ];
      if (tags.rows.length > 0 || workspaces.rows.length > 0)
        findings.push('a row of another workspace was readable');
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  if (findings.length > 0) {
    throw new Error(
      `The wall between workspaces does not stand, so Stint will not serve: ${findings.join('; ')}.`,
    );
  }
};
