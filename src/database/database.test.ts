import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openTestHouse } from '#testing/house.ts';
import { makeWorkspace } from '#testing/people.ts';
import { newId } from '#values/id.ts';
import type { Transaction } from './database.ts';
import { isOutdated } from './sessions.ts';

const house = await openTestHouse();
const { database, clock } = house;

const addTag = (tx: Transaction, name: string) =>
  tx
    .insertInto('tags')
    .values({ id: newId('tag', clock()), name })
    .execute();
const tagsOf = (workspace: string) =>
  database.readWorkspace(workspace, clock(), async (tx) =>
    (await tx.selectFrom('tags').select('name').orderBy('name').execute()).map(({ name }) => name),
  );

test('what is asked without waiting runs in the order in which it was asked, each with its own answer', async () => {
  const { id } = await makeWorkspace(house);
  const answers = await database.inWorkspace(id, clock(), async (tx) => {
    const count = () =>
      sql<{ n: number; asked: string }>`select count(*)::int as n, ${'x'}::text as asked from tags`.execute(
        tx,
      );
    const [none, , one, , two] = await Promise.all([
      count(),
      addTag(tx, 'one'),
      count(),
      addTag(tx, 'two'),
      count(),
    ]);
    return [none, one, two].map(({ rows }) => rows[0]!.n);
  });
  expect(answers).toEqual([0, 1, 2]);
  expect(await tagsOf(id)).toEqual(['one', 'two']);
});

test('the first of those asked together is the first to run, however each is asked', async () => {
  const { id, teo } = await makeWorkspace(house);
  const order = await database.inWorkspace(id, clock(), async (tx) => {
    const asked: string[] = [];
    const lock = async () =>
      tx
        .selectFrom('memberships')
        .select('id')
        .where('id', '=', teo.membershipId)
        .forUpdate()
        .executeTakeFirst();
    const raw = async (what: string) => {
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from tags where name <> ${what}`.execute(tx);
      asked.push(`${what} ${rows[0]!.n}`);
    };
    await Promise.all([lock(), addTag(tx, 'one'), raw('after one'), addTag(tx, 'two'), raw('after two')]);
    return asked;
  });
  expect(order).toEqual(['after one 1', 'after two 2']);
});

test('after a statement that fails nothing runs that was asked with it, and all of it is undone', async () => {
  const { id } = await makeWorkspace(house);
  const work = database.inWorkspace(id, clock(), (tx) =>
    Promise.all([addTag(tx, 'before'), sql`select 1 / ${0}::int`.execute(tx), addTag(tx, 'after')]),
  );
  await expect(work).rejects.toThrow('division by zero');
  expect(await tagsOf(id)).toEqual([]);
});

test('where the first statement fails, the opening with it, no later one runs outside of the transaction', async () => {
  const { id } = await makeWorkspace(house);
  const work = database.inWorkspace(id, clock(), async (tx) => {
    await sql`select 1 / ${0}::int`.execute(tx).catch(() => undefined);
    await sql`insert into tags (id, workspace_id, name) values (${newId('tag', clock())}, ${id}, 'outside')`.execute(
      tx,
    );
  });
  await expect(work).rejects.toThrow();
  expect(await tagsOf(id)).toEqual([]);
});

test('what was not sent when the work ended never is, and what comes later is refused', async () => {
  const { id } = await makeWorkspace(house);
  const late: Promise<unknown>[] = [];
  let kept: Transaction | null = null;
  const work = database.inWorkspace(id, clock(), async (tx) => {
    await addTag(tx, 'undone');
    kept = tx;
    late.push(addTag(tx, 'unsent').catch((error: unknown) => error));
    throw new Error('never mind');
  });
  await expect(work).rejects.toThrow('never mind');
  late.push(addTag(kept as unknown as Transaction, 'leaked').catch((error: unknown) => error));
  for (const outcome of await Promise.all(late))
    expect(outcome).toMatchObject({ message: 'this transaction is over' });
  expect(await tagsOf(id)).toEqual([]);
});

test('a last statement that fails takes everything with it', async () => {
  const { id } = await makeWorkspace(house);
  const work = database.inWorkspace(id, clock(), async (tx, last) => {
    await addTag(tx, 'undone');
    last(sql`select 1 / ${0}::int`);
  });
  await expect(work).rejects.toThrow('division by zero');
  expect(await tagsOf(id)).toEqual([]);
  await database.inWorkspace(id, clock(), (_, last) => {
    last(sql`insert into tags (id, name) values (${newId('tag', clock())}, 'alone')`);
    return Promise.resolve();
  });
  expect(await tagsOf(id)).toEqual(['alone']);
});

test('work that reads sees one workspace and writes nothing', async () => {
  const [here, there] = [await makeWorkspace(house), await makeWorkspace(house)];
  await database.inWorkspace(there.id, clock(), (tx) => addTag(tx, 'theirs'));
  const write = database.readWorkspace(here.id, clock(), (tx) => addTag(tx, 'written'));
  await expect(write).rejects.toThrow('read-only transaction');
  const seen = await database.readWorkspace(here.id, clock(), async (tx) => {
    const [tags, role] = await Promise.all([
      tx.selectFrom('tags').selectAll().execute(),
      sql<{ role: string }>`select current_user as role`.execute(tx),
    ]);
    const later = await tx.selectFrom('tags').selectAll().execute();
    return { tags, later, role: role.rows[0]!.role };
  });
  expect(seen).toEqual({ tags: [], later: [], role: 'stint_app' });
  const { rows } = await sql<{ role: string }>`select current_user as role`.execute(database.identity);
  expect(rows[0]!.role).not.toBe('stint_app');
});

test('a value that cannot be written fails alone, and the connection lives', async () => {
  const { id } = await makeWorkspace(house);
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const work = database.inWorkspace(id, clock(), async (tx) => {
    await sql`select ${circle}::jsonb`.execute(tx);
  });
  await expect(work).rejects.toThrow(/circular/i);
  await database.inWorkspace(id, clock(), (tx) => addTag(tx, 'well'));
  expect(await tagsOf(id)).toEqual(['well']);
});

test('a statement without a word in it answers nothing, and those after it get their own answers', async () => {
  const { id } = await makeWorkspace(house);
  const answers = await database.inWorkspace(id, clock(), async (tx) => {
    const all = [sql`select 1 as n`, sql``, sql`-- nothing`, sql`select 2 as n`];
    return await Promise.all(all.map(async (each) => (await each.execute(tx)).rows));
  });
  expect(answers).toEqual([[{ n: 1 }], [], [], [{ n: 2 }]]);
});

test('a statement whose columns a migration changed is prepared anew', async () => {
  const { id } = await makeWorkspace(house);
  await database.run('create table changing (a int); grant select on changing to stint_app');
  const single = () =>
    sql`select * from changing where a is distinct from ${1}::int`.execute(database.identity);
  const within = () =>
    database.readWorkspace(id, clock(), (tx) =>
      sql`select * from changing where a is distinct from ${2}::int`.execute(tx),
    );
  await single();
  await within();
  await database.run('alter table changing add b int');
  await single();
  await database.run('alter table changing add c int');
  // The whole call is repeated where it is an operation's.
  await within().catch((error: unknown) => {
    if (!isOutdated(error)) throw error;
  });
  await within();
  await database.run('drop table changing');
});
