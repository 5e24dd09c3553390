import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { confirmOf, makeDraft, newKey } from '#testing/invoices.ts';
import { type Moment, openMailbox } from '#testing/mailbox.ts';
import { embeddedHouse } from '#testing/own-store.ts';
import { call, makeWorkspace } from '#testing/people.ts';
import { startProgram } from '#testing/program.ts';
import { deliverMail } from './deliver-mail.ts';

/** Sends an invoice, lets a real process deliver it, kills that at a moment, and lets another go on ten minutes later. */
const killedAt = async (fatal: Moment) => {
  const folder = mkdtempSync(join(tmpdir(), 'stint-mail-'));
  const dataDir = join(folder, 'data');
  const { promise: reached, resolve: reach } = Promise.withResolvers<undefined>();
  let alive = true;
  const { url, received, send, close } = await openMailbox((moment) => {
    if (!alive || moment !== fatal) return undefined;
    reach(undefined);
    return 'silent';
  });
  try {
    const before = await embeddedHouse(dataDir);
    const { noor } = await makeWorkspace(before.house);
    const { id } = await makeDraft(before.house, noor);
    const confirm = await confirmOf(before.house, noor, id);
    await call(before.house, noor, 'invoices.send', { id, confirm, idempotency_key: newKey() });
    await before.close();

    const program = await startProgram({ STINT_DATA_DIR: dataDir, SMTP_URL: url });
    await reached;
    program.signal('SIGKILL');
    await program.ended;
    alive = false;

    const { house, close: shut } = await embeddedHouse(dataDir);
    await deliverMail(house.database, () => Temporal.Now.instant().add({ minutes: 10 }), send);
    const { data } = await call<{ data: { id: string; status: string }[] }>(
      house,
      noor,
      'invoice_dispatches.list',
    );
    await shut();
    const ids = received.map((mail) => /X-Stint-Dispatch: (\S+)/.exec(mail)?.[1]);
    return { status: data[0]?.status, ids, dispatch: data[0]?.id };
  } finally {
    close();
    rmSync(folder, { recursive: true, force: true });
  }
};

test('a process killed before it handed the mail over: the next one sends it, once', async () => {
  const { status, ids, dispatch } = await killedAt('recipient');
  expect({ status, ids }).toEqual({ status: 'sent', ids: [dispatch] });
}, 60_000);

test('a process killed after the server took the mail and before it heard so: nobody sends it twice, and it is said to be unclear', async () => {
  const { status, ids, dispatch } = await killedAt('taken');
  expect({ status, ids }).toEqual({ status: 'unclear', ids: [dispatch] });
}, 60_000);
