import { expect, test } from 'vitest';
import { type Dispatch, mailsOf } from '#testing/dispatches.ts';
import { openTestHouse, serveHouse } from '#testing/house.ts';
import { webDoor } from '#doors/web/door.ts';
import { deliverMail } from '#jobs/deliver-mail.ts';
import {
  confirmOf,
  previewOf,
  issueInvoice,
  makeDraft,
  newKey,
  type TestInvoice,
} from '#testing/invoices.ts';
import { emptyOutbox, openMailbox } from '#testing/mailbox.ts';
import { call, makeWorkspace, type Person, refusalOf } from '#testing/people.ts';
import { scopeNames } from '#operation/scopes.ts';

const house = await openTestHouse();

interface Sent {
  invoice: TestInvoice;
  dispatch: Dispatch | null;
  artifacts: { id: string; sha256: string; file_name: string; sent_at: string | null }[];
  send_at: string | null;
}
const send = (person: Person, input: object, acting: Parameters<typeof call>[4] = {}) =>
  call<Sent>(house, person, 'invoices.send', { idempotency_key: newKey(), ...input }, acting);
const sendAsShown = async (person: Person, id: string, more: object = {}) =>
  send(person, { id, confirm: await confirmOf(house, person, id), ...more });
/** Previews a mail like this, and sends just that. */
const previewAndSend = async (person: Person, id: string, mail: object) =>
  send(person, { id, confirm: await previewOf(house, person, id, mail), ...mail });
const dispatches = async (person: Person, input: object = {}) =>
  (await call<{ data: Dispatch[] }>(house, person, 'invoice_dispatches.list', input)).data;
const show = async (person: Person, id: string) =>
  (
    await call<{ invoice: TestInvoice & { send_at: string | null; send_problem: string | null } }>(
      house,
      person,
      'invoices.get',
      { id },
    )
  ).invoice;

test('sends a draft: it gets its number, its PDF is kept for good, and one mail with it is on its way', async () => {
  const { id: workspace, noor, ada, mara } = await makeWorkspace(house);
  await call(house, mara, 'settings.update', {
    invoice: { legal_name: 'Studio Mara', email: 'hello@mara.example' },
  });
  const { id } = await makeDraft(house, noor);
  const { invoice, dispatch, artifacts } = await previewAndSend(noor, id, { cc: ['boss@acme.example'] });
  expect(invoice).toMatchObject({
    status: 'sent',
    number: expect.stringMatching(/^INV-/),
    balance: '350.00',
  });
  expect(dispatch).toMatchObject({
    kind: 'invoice',
    status: 'queued',
    attempts: 0,
    to: ['billing@acme.example'],
    cc: ['boss@acme.example'],
    subject: `Invoice ${invoice.number} from Studio Mara`,
    by: 'Noor',
  });
  const [artifact] = artifacts;
  expect(artifact).toMatchObject({ file_name: `${invoice.number}.pdf`, sent_at: expect.any(String) });
  expect(dispatch?.artifact_ids).toEqual([artifact?.id]);
  expect(await mailsOf(house, workspace)).toEqual([
    expect.objectContaining({
      key: dispatch?.id,
      to: ['billing@acme.example'],
      fromName: 'Studio Mara',
      replyTo: 'hello@mara.example',
      text: expect.stringContaining(`invoice ${invoice.number} for €350.00`),
      attachments: [{ name: `${invoice.number}.pdf`, mime: 'application/pdf', sha256: artifact?.sha256 }],
      headers: { 'X-Stint-Dispatch': dispatch?.id },
      once: true,
    }),
  ]);
  expect((await show(noor, id)).sent_at).not.toBeNull();
  expect(await refusalOf(call(house, ada, 'invoice_artifacts.delete', { id: artifact?.id }))).toMatchObject({
    code: 'retention_locked',
  });
});

test('what arrives is what was shown: PDF and all', async () => {
  await emptyOutbox(house);
  const { noor } = await makeWorkspace(house);
  const { received, send: post, close } = await openMailbox();
  const served = await serveHouse(house, [webDoor]);
  const { id } = await makeDraft(house, noor);
  const { dispatch } = await sendAsShown(noor, id);
  await deliverMail(house.database, house.clock, post);
  const { data } = await call<{ data: { url: string }[] }>(served.house, noor, 'invoice_artifacts.list', {
    invoice_id: id,
  });
  const pdf = Buffer.from(await (await fetch(data[0]!.url)).arrayBuffer()).toString('base64');
  const [mail = ''] = received;
  expect(mail.replaceAll(/\r\n/g, '')).toContain(pdf);
  expect(mail).toContain(`X-Stint-Dispatch: ${dispatch!.id}`);
  expect(await dispatches(noor)).toMatchObject([{ status: 'sent', attempts: 1, problem: null }]);
  close();
  await served.close();
});

test.each(['content_hash', 'total', 'currency'] as const)(
  'never sends with another %s than is there now',
  async (what) => {
    const { id: workspace, noor } = await makeWorkspace(house);
    const { id } = await makeDraft(house, noor);
    const confirm = await confirmOf(house, noor, id);
    const wrong = { content_hash: '0'.repeat(64), total: '350.01', currency: 'USD' };
    const refused = await refusalOf(send(noor, { id, confirm: { ...confirm, [what]: wrong[what] } }));
    expect(refused).toMatchObject({ code: 'confirmation_mismatch', fixTool: 'invoices.preview' });
    expect(await show(noor, id)).toMatchObject({ status: 'draft', number: null });
    expect(await mailsOf(house, workspace)).toEqual([]);
  },
);

test('two at the same moment send once', async () => {
  const { id: workspace, noor, ada } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const confirm = await confirmOf(house, noor, id);
  const outcomes = await Promise.allSettled([noor, ada, noor].map((person) => send(person, { id, confirm })));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await mailsOf(house, workspace)).toHaveLength(1);
});

test('the same key is the same sending, also at the same moment; another call with it is refused', async () => {
  const { id: workspace, noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const input = { id, confirm: await confirmOf(house, noor, id), idempotency_key: newKey() };
  const answers = await Promise.all([1, 2, 3].map(() => send(noor, input)));
  expect(new Set(answers.map(({ dispatch }) => dispatch?.id)).size).toBe(1);
  expect(await mailsOf(house, workspace)).toHaveLength(1);
  expect(await refusalOf(send(noor, { ...input, message: 'Other' }))).toMatchObject({
    code: 'idempotency_conflict',
  });
});

test('without an address it goes to the contacts for billing; with nobody to send it to, nothing happens', async () => {
  const { noor } = await makeWorkspace(house);
  const contacts = [
    { name: 'Boss', email: 'boss@acme.example', role: 'CEO' },
    { name: 'Anna', email: 'anna@acme.example', role: 'Billing department' },
  ];
  const first = await makeDraft(house, noor, { client: { name: 'With contacts', email: null, contacts } });
  expect((await sendAsShown(noor, first.id)).dispatch?.to).toEqual(['anna@acme.example']);
  const second = await makeDraft(house, noor, { client: { name: 'Nobody', email: null } });
  const confirm = await confirmOf(house, noor, second.id);
  expect(await refusalOf(send(noor, { id: second.id, confirm }))).toMatchObject({
    code: 'no_recipient',
    fixTool: 'clients.update',
  });
  expect(await show(noor, second.id)).toMatchObject({ number: null });
  const to = ['A@acme.example', 'a@acme.example'];
  expect((await previewAndSend(noor, second.id, { to })).dispatch?.to).toEqual(['a@acme.example']);
});

test('nobody gets a mail that was not shown: another recipient, copy, subject or text is refused', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const confirm = await confirmOf(house, noor, id);
  const shown = await call<{ preview_id: string; total: string; currency: string }>(
    house,
    noor,
    'invoices.preview',
    { id },
  );
  const preview = { preview_id: shown.preview_id, total: shown.total, currency: shown.currency };
  for (const mail of [
    { to: ['evil@attacker.example'] },
    { cc: ['evil@attacker.example'] },
    { subject: 'Hi' },
    { message: 'Pay me' },
  ]) {
    for (const confirmed of [confirm, preview]) {
      expect(await refusalOf(send(noor, { id, confirm: confirmed, ...mail }))).toMatchObject({
        code: 'confirmation_mismatch',
        details: { what: 'mail' },
      });
    }
  }
  expect(await dispatches(noor)).toEqual([]);
  expect((await send(noor, { id, confirm: preview })).dispatch?.to).toEqual(['billing@acme.example']);
});

test('a draft takes the permission to write too, for it is issued; what was issued does not', async () => {
  const { noor } = await makeWorkspace(house);
  const scopes = scopeNames.filter((scope) => scope !== 'invoices:write');
  const draft = await makeDraft(house, noor);
  const confirm = await confirmOf(house, noor, draft.id);
  expect(await refusalOf(send(noor, { id: draft.id, confirm }, { scopes }))).toMatchObject({
    code: 'insufficient_scope',
    details: { missing: ['invoices:write'] },
  });
  const issued = await issueInvoice(house, noor, { client: { name: 'Other' } });
  const sent = await send(
    noor,
    { id: issued.id, confirm: await confirmOf(house, noor, issued.id) },
    { scopes },
  );
  expect(sent).toMatchObject({ invoice: { number: issued.number }, dispatch: { status: 'queued' } });
});

test('is not sent twice from here, nor when void', async () => {
  const { noor, ada } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  await sendAsShown(noor, id);
  const again = await refusalOf(sendAsShown(noor, id));
  expect(again).toMatchObject({ code: 'invalid_state' });
  expect(again.message).toMatch(/is on its way by e-mail already.+invoice_dispatches\.resend/);
  const other = await issueInvoice(house, noor, { client: { name: 'Other' } });
  await call(house, ada, 'invoices.void', { id: other.id, reason: 'Wrong' });
  expect(await refusalOf(sendAsShown(noor, other.id))).toMatchObject({ code: 'invalid_state' });
});

test('says of an e-mail that failed not that the invoice was e-mailed', async () => {
  await emptyOutbox(house);
  const { noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  await sendAsShown(noor, id);
  const { send: post, close } = await openMailbox((moment) => (moment === 'recipient' ? 550 : undefined));
  await deliverMail(house.database, house.clock, post);
  const again = await refusalOf(sendAsShown(noor, id));
  expect(again.message).toMatch(/reached nobody: its e-mail failed.+invoice_dispatches\.resend/);
  close();
});

test('says it in the language of the invoice and in the words of the settings', async () => {
  const { noor, mara } = await makeWorkspace(house);
  const german = await makeDraft(house, noor, { language: 'de' });
  expect((await sendAsShown(noor, german.id)).dispatch?.subject).toMatch(/^Rechnung INV-\d+-0001 von /);
  await call(house, mara, 'settings.update', {
    invoice: { email_subject: '{sender}: {number} for {client}', email_body: 'Pay {total} by {due_date}.' },
  });
  const own = await makeDraft(house, noor, { client: { name: 'Acme {number}' }, terms_days: 0 });
  const { dispatch, invoice } = await sendAsShown(noor, own.id);
  expect(dispatch?.subject).toMatch(new RegExp(`: ${invoice.number} for Acme \\{number\\}$`));
});

test('asks the user with the sum and the recipients by name', async () => {
  const { noor } = await makeWorkspace(house);
  const draft = await makeDraft(house, noor, {
    lines: [{ description: 'Work', unit_price: '1190.00' }],
  });
  const asked = house.operations.find(({ name }) => name === 'invoices.send')!;
  const { actorOf } = await import('#testing/people.ts');
  const { run } = await import('#operation/run.ts');
  const { Question } = await import('#operation/question.ts');
  const confirm = await confirmOf(house, noor, draft.id);
  const facts = { id: 'x', source: 'mcp', ipPrefix: null, consent: 'not_asked' } as const;
  const input = { id: draft.id, confirm, idempotency_key: newKey() };
  const thrown: unknown = await run(house, await actorOf(house, noor), asked, input, facts).catch(
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(Question);
  expect((thrown as Error).message).toBe(
    'E-mail invoice to Acme (draft, 1,190.00 EUR) to billing@acme.example?',
  );
  expect(await show(noor, draft.id)).toMatchObject({ number: null });
});
