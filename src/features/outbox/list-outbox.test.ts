import { expect, test } from 'vitest';
import { deliverMail } from '#jobs/deliver-mail.ts';
import { openTestHouse } from '#testing/house.ts';
import { confirmOf, makeDraft, newKey } from '#testing/invoices.ts';
import { emptyOutbox, openMailbox } from '#testing/mailbox.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

interface Mail {
  id: string;
  status: string;
  to: string[];
  subject: string;
  text: string;
  attachments: { file_name: string; url: string }[];
  attempts: number;
  problem: string | null;
  details: string | null;
}
const list = (person: Person, input: object = {}) =>
  call<{ data: Mail[]; meta: { next_cursor: string | null } }>(house, person, 'outbox.list', input);
const send = async (person: Person, name: string, email: string) => {
  const { id } = await makeDraft(house, person, { client: { name, email } });
  const confirm = await confirmOf(house, person, id);
  return call<{ dispatch: { id: string } }>(house, person, 'invoices.send', {
    id,
    confirm,
    idempotency_key: newKey(),
  });
};

test('shows what waits with everything that would go out, page by page, to those who administer the workspace', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const other = await makeWorkspace(house);
  const names = ['One', 'Two', 'Three'];
  for (const name of names) await send(noor, name, `${name}@acme.example`.toLowerCase());
  const first = await list(ada, { limit: 2 });
  const rest = await list(ada, { limit: 2, cursor: first.meta.next_cursor });
  const all = [...first.data, ...rest.data];
  expect(all.map(({ to }) => to[0])).toEqual(['three@acme.example', 'two@acme.example', 'one@acme.example']);
  expect(all[0]).toMatchObject({
    status: 'waiting',
    text: expect.stringContaining('€350.00'),
    attachments: [
      { file_name: expect.stringMatching(/^INV-.*\.pdf$/), url: expect.stringContaining('/files/') },
    ],
    attempts: 0,
    problem: null,
  });
  expect(await refusalOf(list(noor))).toMatchObject({ code: 'role_too_low' });
  expect((await list(other.mara)).data).toEqual([]);
});

test('shows what failed and why, and no longer what was sent', async () => {
  await emptyOutbox(house);
  const { noor, mara } = await makeWorkspace(house);
  await send(noor, 'Fine', 'fine@acme.example');
  await send(noor, 'Nobody', 'nobody@acme.example');
  const { send: post, close } = await openMailbox((moment, { to }) =>
    moment === 'recipient' && to.startsWith('nobody') ? 550 : undefined,
  );
  await deliverMail(house.database, house.clock, post);
  const { data } = await list(mara);
  expect(data).toMatchObject([
    {
      status: 'failed',
      to: ['nobody@acme.example'],
      attempts: 1,
      problem: 'The mail server did not take the mail for its recipients.',
      details: expect.stringContaining('550'),
    },
  ]);
  expect((await list(mara, { status: 'waiting' })).data).toEqual([]);
  close();
});
