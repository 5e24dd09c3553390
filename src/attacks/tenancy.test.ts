import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { assertWall } from '#database/migrate.ts';
import { callTool, serveEveryDoor, toolAnswer } from '#testing/every-door.ts';
import { call, makeWorkspace, tokenFor } from '#testing/people.ts';
import { alsoIn } from '#testing/oauth.ts';

const open = await serveEveryDoor();
afterAll(() => open.close());

test('107 without a workspace there are no rows; foreign ones can be neither changed nor made', async () => {
  const { database, clock } = open.house;
  const [mine, theirs] = [await makeWorkspace(open.house), await makeWorkspace(open.house)];
  await call(open.house, theirs.mara, 'tags.create', { name: 'Secret' });
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.columns c join pg_class p on p.relname = c.table_name and p.relrowsecurity
    where c.table_schema = 'public' and c.column_name = 'workspace_id'`.execute(database.identity);
  expect(tables.length).toBeGreaterThan(8);
  await database.inWorkspace(mine.id, clock(), async (tx) => {
    for (const { name } of tables) {
      const { rows } = await sql<{ n: bigint }>`
        select count(*) as n from ${sql.table(name)} where workspace_id <> ${mine.id}`.execute(tx);
      expect([name, Number(rows[0]!.n)]).toEqual([name, 0]);
    }
    const changed = await tx.updateTable('tags').set({ name: 'Mine now' }).executeTakeFirst();
    expect(Number(changed.numUpdatedRows)).toBe(0);
  });
  await expect(
    database.inWorkspace(mine.id, clock(), (tx) =>
      sql`insert into tags (id, workspace_id, name) values ('tag_00000000000000000000000001', ${theirs.id}, 'Planted')`.execute(
        tx,
      ),
    ),
  ).rejects.toThrow(/row-level security/);
  // The role without a workspace: nothing at all.
  await database.aboveWorkspaces(clock(), async (tx) => {
    await sql`set local role stint_app`.execute(tx);
    const { rows } = await sql<{ n: bigint }>`select count(*) as n from tags`.execute(tx);
    expect(Number(rows[0]!.n)).toBe(0);
  });
});

test('107 a house whose wall has a hole does not open', async () => {
  const { database, clock } = open.house;
  await assertWall(database, clock());
  await database.run('alter table tags disable row level security');
  try {
    await expect(assertWall(database, clock())).rejects.toThrow('table tags has no wall');
  } finally {
    await database.run('alter table tags enable row level security');
  }
  await assertWall(database, clock());
});

test('109 a token works in its workspace, whatever workspace the arguments or headers name', async () => {
  const { house, url } = open;
  const home = await makeWorkspace(house);
  const other = await alsoIn(house, home.teo);
  await call(house, other.mara, 'tags.create', { name: 'Elsewhere' });
  const token = await tokenFor(house, home.teo);
  const refused = await callTool(url, token, 'tags_list', { workspace_id: other.id });
  expect(await toolAnswer(refused)).toMatchObject({ error: { code: 'validation_failed' } });
  const listed = await callTool(url, token, 'tags_list', {}, { 'x-workspace-id': other.id });
  expect(await toolAnswer(listed)).toMatchObject({ data: [] });
  const api = await tokenFor(house, home.teo, ['tags:read'], 'api');
  const answer = await fetch(`${url}/api/v1/tags?workspace_id=${other.id}`, {
    headers: { authorization: `Bearer ${api}` },
  });
  expect(await answer.text()).not.toContain('Elsewhere');
});

test('113 a connection of the pool keeps no role and no workspace after an error', async () => {
  const { database, clock } = open.house;
  const { id } = await makeWorkspace(open.house);
  const broken = () =>
    database
      .inWorkspace(id, clock(), async (tx) => {
        await sql`select 1 / 0`.execute(tx);
      })
      .catch(() => undefined);
  const thrown = () =>
    database.inWorkspace(id, clock(), () => Promise.reject(new Error('no'))).catch(() => undefined);
  for (const fail of [broken, thrown]) {
    await Promise.all(Array.from({ length: 12 }, fail));
    const seen = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const { rows } = await sql<{ role: string; workspace: string | null }>`
          select current_user as role, current_setting('app.workspace_id', true) as workspace`.execute(
          database.identity,
        );
        return rows[0]!;
      }),
    );
    for (const { role, workspace } of seen)
      expect([role === 'stint_app', workspace ?? '']).toEqual([false, '']);
  }
});
