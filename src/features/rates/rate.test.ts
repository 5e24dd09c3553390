import { expect, test } from 'vitest';
import type { Transaction } from '#database/database.ts';
import { openTestHouse } from '#testing/house.ts';
import { makeWorkspace, type TestWorkspace } from '#testing/people.ts';
import { type Id, newId } from '#values/id.ts';
import { type NewRate, putRate, resolveRate } from './rate.ts';

const house = await openTestHouse();
const day = (text: string) => Temporal.PlainDate.from(text);

interface Work {
  tx: Transaction;
  workspace: TestWorkspace;
  client: Id<'cli'>;
  project: Id<'prj'>;
  task: Id<'tsk'>;
  set: (
    level: NewRate['level'],
    targetId: string,
    rateMinor: bigint | null,
    more?: Partial<NewRate>,
  ) => Promise<void>;
  rate: (on?: string, kind?: 'bill' | 'cost') => Promise<string | null>;
}

/** A client, a project and a task in one currency, and Teo who works on it. */
const atWork = async (currency: string, work: (given: Work) => Promise<void>) => {
  const workspace = await makeWorkspace(house);
  const now = house.clock();
  const [client, project, task] = [newId('cli', now), newId('prj', now), newId('tsk', now)];
  await house.database.inWorkspace(workspace.id, now, async (tx) => {
    await tx.insertInto('clients').values({ id: client, name: 'Acme', currency }).execute();
    await tx
      .insertInto('projects')
      .values({ id: project, client_id: client, name: 'Site', currency })
      .execute();
    const membershipId = workspace.teo.membershipId;
    await tx
      .insertInto('tasks')
      .values({ id: task, project_id: project, summary: 'Logo', position: 'a0', created_by: membershipId })
      .execute();
    await work({
      tx,
      workspace,
      client,
      project,
      task,
      set: async (level, targetId, rateMinor, more = {}) => {
        const rate = { level, targetId, rateMinor, currency, from: day('2026-10-01'), ...more };
        await putRate({ tx, now, today: day('2026-11-23') }, rate);
      },
      rate: async (on = '2026-10-05', kind = 'bill') => {
        const found = await resolveRate(tx, {
          membershipId,
          taskId: task,
          projectId: project,
          clientId: client,
          on: day(on),
          kind,
        });
        return found === null ? null : `${found.source} ${found.rateMinor} ${found.currency}`;
      },
    });
  });
};

test('the most particular rate counts: task, person in the project, project, client, person, workspace', () =>
  atWork('EUR', async ({ workspace, client, project, task, set, rate }) => {
    const { teo, noor } = workspace;
    expect(await rate()).toBeNull();
    await set('workspace', workspace.id, 1000n);
    expect(await rate()).toBe('workspace 1000 EUR');
    await set('member', teo.membershipId, 2000n);
    expect(await rate()).toBe('member 2000 EUR');
    await set('client', client, 3000n);
    expect(await rate()).toBe('client 3000 EUR');
    await set('project', project, 4000n);
    expect(await rate()).toBe('project 4000 EUR');
    await set('project_member', project, 9999n, { membershipId: noor.membershipId });
    expect(await rate()).toBe('project 4000 EUR');
    await set('project_member', project, 5000n, { membershipId: teo.membershipId });
    expect(await rate()).toBe('project_member 5000 EUR');
    await set('task', task, 0n);
    expect(await rate()).toBe('task 0 EUR');
  }));

test('a rate holds from its day on, the first one for all days before as well, and null hands on to the next level', () =>
  atWork('EUR', async ({ client, project, set, rate }) => {
    await set('client', client, 3000n);
    await set('project', project, 4000n);
    await set('project', project, 4500n, { from: day('2026-11-01') });
    await set('project', project, null, { from: day('2027-01-01') });
    expect(await rate('2020-01-01')).toBe('project 4000 EUR');
    expect(await rate('2026-10-31')).toBe('project 4000 EUR');
    expect(await rate('2026-11-01')).toBe('project 4500 EUR');
    expect(await rate('2027-01-01')).toBe('client 3000 EUR');
    await set('project', project, 9900n, { from: day('2099-01-01') });
    await set('project', project, 4200n, { from: day('2026-10-15') });
    expect(await rate('2026-11-02')).toBe('project 4200 EUR');
    // What is planned for days to come is not lost by what is said of today.
    expect(await rate('2099-01-01')).toBe('project 9900 EUR');
  }));

test('a rate in another currency than the work is never mixed in', () =>
  atWork('USD', async ({ workspace, project, set, rate }) => {
    await set('workspace', workspace.id, 1000n, { currency: 'EUR' });
    expect(await rate()).toBeNull();
    await set('project', project, 4000n, { currency: 'EUR' });
    expect(await rate()).toBeNull();
    await set('workspace', workspace.id, 1100n);
    expect(await rate()).toBe('workspace 1100 USD');
  }));

test('what somebody costs is looked up apart from what they are billed at', () =>
  atWork('USD', async ({ workspace, set, rate }) => {
    await set('member', workspace.teo.membershipId, 2500n, { kind: 'cost', currency: 'EUR' });
    expect(await rate('2026-10-05', 'cost')).toBe('member 2500 EUR');
    expect(await rate()).toBeNull();
  }));
