import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { webDoor } from '#doors/web/door.ts';
import { housekeeping } from '#jobs/housekeeping.ts';
import { openTestHouse, serveHouse } from '#testing/house.ts';
import { issueInvoice, makeDraft } from '#testing/invoices.ts';
import { call, makeWorkspace, refusalOf } from '#testing/people.ts';

const house = await openTestHouse();

interface Artifact {
  id: string;
  kind: string;
  file_version: number;
  file_name: string;
  sha256: string;
  bytes: number;
  sent_at: string | null;
  url: string;
}
const make = async (person: Parameters<typeof call>[1], invoice_id: string, kind = 'pdf') =>
  (await call<{ artifact: Artifact }>(house, person, 'invoice_artifacts.create', { invoice_id, kind }))
    .artifact;
const list = async (person: Parameters<typeof call>[1], invoice_id: string) =>
  (await call<{ data: Artifact[] }>(house, person, 'invoice_artifacts.list', { invoice_id })).data;

test('renders a draft, keeps an equal file once, and counts versions as the content changes', async () => {
  const { noor } = await makeWorkspace(house);
  const { id } = await makeDraft(house, noor);
  const first = await make(noor, id);
  expect(first).toMatchObject({ kind: 'pdf', file_version: 1, file_name: 'draft.pdf', sent_at: null });
  expect(await make(noor, id)).toMatchObject({ id: first.id, file_version: 1 });
  await call(house, noor, 'invoices.update', { id, notes: 'Thank you' });
  const second = await make(noor, id);
  expect(second).toMatchObject({ file_version: 2 });
  expect(await make(noor, id, 'html')).toMatchObject({ file_version: 1, file_name: 'draft.html' });
  expect((await list(noor, id)).map(({ kind, file_version }) => `${kind} ${file_version}`).sort()).toEqual([
    'html 1',
    'pdf 1',
    'pdf 2',
  ]);
  expect(await call(house, noor, 'invoice_artifacts.get', { id: second.id })).toMatchObject({
    artifact: { sha256: second.sha256 },
  });
});

test('issuing keeps the PDF with the number in its name', async () => {
  const { noor } = await makeWorkspace(house);
  const { id, number } = await issueInvoice(house, noor);
  expect(await list(noor, id)).toMatchObject([{ kind: 'pdf', file_name: `${number}.pdf`, sent_at: null }]);
});

test('the link gives the bytes to whoever has it, as a file and never as a page', async () => {
  const { noor } = await makeWorkspace(house);
  const { house: served, url, close } = await serveHouse(house, [webDoor]);
  const { id } = await makeDraft(house, noor);
  const { artifact } = await call<{ artifact: Artifact }>(served, noor, 'invoice_artifacts.create', {
    invoice_id: id,
  });
  expect(artifact.url.startsWith(`${url}/files/`)).toBe(true);
  const answer = await fetch(artifact.url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.status).toBe(200);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact.sha256);
  expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': `attachment; filename="draft.pdf"; filename*=UTF-8''draft.pdf`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
    'content-security-policy': expect.stringMatching(/^sandbox;/),
  });
  await close();
});

test('a link that was changed in any part, or is older than ten minutes, leads nowhere', async () => {
  const mine = await makeWorkspace(house);
  const other = await makeWorkspace(house);
  const stopped = await openTestHouse();
  stopped.setNow('2026-10-05T12:00:00Z');
  const { house: served, close } = await serveHouse(stopped, [webDoor]);
  const { id } = await makeDraft(house, mine.noor);
  const { artifact } = await call<{ artifact: Artifact }>(served, mine.noor, 'invoice_artifacts.create', {
    invoice_id: id,
  });
  const status = async (url: string) => (await fetch(url)).status;
  const { url } = artifact;
  const [, workspace = '', sha256 = '', expires = '', mac = ''] =
    /\/files\/([^.]+)\.([^.]+)\.([^.]+)\.([^/]+)\//.exec(url)!;
  const wrong = [
    url.replace(workspace, other.id),
    url.replace(sha256, '0'.repeat(64)),
    url.replace(expires, String(Number(expires) + 600)),
    url.replace(mac, [...mac].toReversed().join('')),
    url.replace('draft.pdf', 'draft.exe'),
    url.replace('draft.pdf', 'draft.pdf%00'),
    url.replace(`.${mac}`, ''),
  ];
  expect(await Promise.all([url, ...wrong].map(status))).toEqual([200, ...wrong.map(() => 404)]);
  stopped.setNow('2026-10-05T12:09:59Z');
  expect(await status(url)).toBe(200);
  stopped.setNow('2026-10-05T12:10:00Z');
  expect(await status(url)).toBe(404);
  await close();
});

test('deletes what was not sent; its bytes go a day later, those of other files and of logos stay', async () => {
  const { id: workspaceId, noor, ada, mara } = await makeWorkspace(house);
  const logo = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==`;
  await call(house, mara, 'settings.update', { invoice: { logo } });
  const { id } = await makeDraft(house, noor);
  const gone = await make(noor, id, 'html');
  await make(noor, id);
  expect(await refusalOf(call(house, noor, 'invoice_artifacts.delete', { id: gone.id }))).toMatchObject({
    code: 'role_too_low',
  });
  await call(house, ada, 'invoice_artifacts.delete', { id: gone.id });
  const files = async () => {
    const rows = await house.database.identity
      .selectFrom('files')
      .select('mime')
      .where('workspace_id', '=', workspaceId)
      .execute();
    return rows.map(({ mime }) => mime).sort();
  };
  await housekeeping(house.database, house.clock());
  expect(await files()).toEqual(['application/pdf', 'image/png', 'text/html; charset=utf-8']);
  await housekeeping(house.database, house.clock().add({ hours: 25 }));
  expect(await files()).toEqual(['application/pdf', 'image/png']);
});

test('nobody sees the files of another workspace', async () => {
  const mine = await makeWorkspace(house);
  const other = await makeWorkspace(house);
  const { id } = await makeDraft(house, mine.noor);
  const artifact = await make(mine.noor, id);
  for (const [operation, input] of [
    ['invoice_artifacts.list', { invoice_id: id }],
    ['invoice_artifacts.get', { id: artifact.id }],
    ['invoice_artifacts.create', { invoice_id: id }],
    ['invoice_artifacts.delete', { id: artifact.id }],
  ] as const) {
    expect(await refusalOf(call(house, other.mara, operation, input))).toMatchObject({ code: 'not_found' });
  }
});
