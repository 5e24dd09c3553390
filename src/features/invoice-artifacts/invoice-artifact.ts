import { type RawBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { keepFile } from '#database/files.ts';
import type { InvoiceArtifactsRow } from '#database/rows.ts';
import { contentHash } from '#documents/content-hash.ts';
import type { InvoiceDocument } from '#documents/invoice-document.ts';
import { renderHtml } from '#documents/render-html.ts';
import { renderPdf } from '#documents/render-pdf.ts';
import { invoiceId, invoiceRef, workspaceToday } from '#features/invoices/invoice.ts';
import { documentOf } from '#features/invoices/invoice-document.ts';
import type { InvoiceRow } from '#features/invoices/invoice-view.ts';
import type { Call } from '#operation/call.ts';
import { fileAddress } from '#operation/linked-files.ts';
import { type Id, idSchema, newId } from '#values/id.ts';
import { momentText } from '#values/local-time.ts';
import { notFound, refusal } from '#values/refusal.ts';
import { fileLink } from './file-link.ts';

export const artifactId = idSchema('art');
/** What a file can be. `reminder` and `receipt` are letters about an invoice; the others are the invoice itself. */
const artifactKinds = ['pdf', 'html', 'receipt', 'reminder'] as const;
export type ArtifactKind = (typeof artifactKinds)[number];

/** A file of an invoice as every door shows it. */
export const artifactView = z.object({
  id: artifactId,
  invoice: invoiceRef.describe('Its invoice.'),
  payment_id: idSchema('pay').nullable().describe('The payment, of a receipt.'),
  kind: z.enum(artifactKinds).describe('What it is.'),
  file_version: z.number().int().describe('Counts from 1 as its content changes.'),
  file_name: z.string().describe('What to call it.'),
  mime: z.string().describe('Media type.'),
  bytes: z.number().int().describe('Its size.'),
  sha256: z.string().describe('Hash of its bytes.'),
  content_hash: z.string().describe('content_hash of the document it shows.'),
  sent_at: z.string().nullable().describe('When it first went out.'),
  retention_until: z.string().nullable().describe('Until then it cannot be deleted.'),
  created_at: z.string().describe('When it was made.'),
  url: fileAddress('Where it can be fetched for ten minutes, without signing in.'),
});

export const retentionLocked = refusal<{ id: string; retention_until: string }>(
  'retention_locked',
  'conflict',
  'The file was sent to a client and must be kept.',
  ({ retention_until }) =>
    `This file was sent, so it is kept until ${retention_until}. Files that were not sent can be deleted.`,
);

/** An artifact with the invoice it is of. */
export interface ArtifactRow extends Selectable<InvoiceArtifactsRow> {
  invoice: { id: Id<'inv'>; number: string | null };
}

const mimes = { pdf: 'application/pdf', html: 'text/html; charset=utf-8' } as const;

/** What a document is called as a file: only what every file system takes. */
export const fileNameOf = ({ number }: Pick<InvoiceRow, 'number'>, kind: ArtifactKind): string => {
  const name = (number ?? 'draft').normalize('NFKC').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  const stem = name.replaceAll(/^[.-]+|[.-]+$/g, '') || 'invoice';
  const what = kind === 'receipt' || kind === 'reminder' ? `-${kind}` : '';
  return `${stem}${what}.${kind === 'html' ? 'html' : 'pdf'}`;
};

const artifactRows = async ({ tx }: Call, matching: RawBuilder<unknown>): Promise<ArtifactRow[]> => {
  const { rows } = await sql<ArtifactRow>`
    select a.*, json_build_object('id', i.id, 'number', i.number) as invoice
    from invoice_artifacts a join invoices i on i.id = a.invoice_id
    where ${matching} order by a.created_at desc, a.id desc`.execute(tx);
  return rows;
};

/** The artifacts of an invoice, the newest first. */
export const artifactsOf = (call: Call, id: Id<'inv'>): Promise<ArtifactRow[]> =>
  artifactRows(call, sql`a.invoice_id = ${id}`);

/** The artifact of that id, or `not_found`. */
export const findArtifact = async (call: Call, id: Id<'art'>): Promise<ArtifactRow> => {
  const [row] = await artifactRows(call, sql`a.id = ${id}`);
  if (row === undefined) throw notFound({});
  return row;
};

/** A row as an `artifactView`, with a fresh link. */
export const viewArtifact = async (call: Call, row: ArtifactRow): Promise<z.input<typeof artifactView>> => ({
  ...storedArtifact(call, row),
  url: await fileLink(call, row.sha256, row.file_name),
});

/** An artifact as the audit log keeps it: without a link that opens it. */
export const storedArtifact = ({ zone }: Call, row: ArtifactRow) => ({
  id: row.id,
  invoice: row.invoice,
  payment_id: row.payment_id,
  kind: row.kind as ArtifactKind,
  file_version: row.file_version,
  file_name: row.file_name,
  mime: row.mime,
  bytes: row.bytes,
  sha256: row.sha256,
  content_hash: row.content_hash,
  sent_at: row.sent_at === null ? null : momentText(row.sent_at, zone),
  retention_until: row.retention_until?.toString() ?? null,
  created_at: momentText(row.created_at, zone),
});

const draw = async (document: InvoiceDocument, kind: ArtifactKind): Promise<Uint8Array> =>
  kind === 'html' ? Buffer.from(renderHtml(document)) : renderPdf(document);

/** Draws a document and keeps the file, without making it an artifact: for previews. Housekeeping takes it after a day. */
export const keepDrawing = async (
  { tx }: Call,
  document: InvoiceDocument,
  kind: 'pdf' | 'html',
): Promise<string> => keepFile(tx, await draw(document, kind), mimes[kind]);

/**
 * Draws a document about an invoice and keeps it as an artifact; where the last one of its kind has the same bytes, gives that. The
 * caller holds the invoice.
 */
export const keepDocument = async (
  call: Call,
  row: InvoiceRow,
  document: InvoiceDocument,
  kind: ArtifactKind,
  payment: Id<'pay'> | null = null,
): Promise<ArtifactRow> => {
  const { tx, now } = call;
  const bytes = await draw(document, kind);
  const mime = kind === 'html' ? mimes.html : mimes.pdf;
  const sha256 = await keepFile(tx, bytes, mime);
  const latest = await tx
    .selectFrom('invoice_artifacts')
    .select(['id', 'sha256', 'file_version'])
    .where('invoice_id', '=', row.id)
    .where('kind', '=', kind)
    .where('payment_id', payment === null ? 'is' : '=', payment)
    .orderBy('file_version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (latest?.sha256 === sha256) return findArtifact(call, latest.id);
  const id = newId('art', now);
  await tx
    .insertInto('invoice_artifacts')
    .values({
      id,
      invoice_id: row.id,
      payment_id: payment,
      kind,
      file_version: (latest?.file_version ?? 0) + 1,
      sha256,
      bytes: bytes.byteLength,
      mime,
      file_name: fileNameOf(row, kind),
      content_hash: contentHash(document),
    })
    .execute();
  return findArtifact(call, id);
};

/**
 * Keeps the PDF of an invoice as it is now. It is drawn inside the call's transaction, off this thread: some 35 ms for a usual invoice,
 * in which nobody else changes it, so the file and the row never tell different things. The caller holds the invoice.
 */
export const keepPdf = async (call: Call, row: InvoiceRow): Promise<ArtifactRow> =>
  keepDocument(call, row, await documentOf(call.tx, row), 'pdf');

/** Notes that these went out: from now on they are kept, to the end of the tenth year after. */
export const noteSent = async (call: Call, ids: readonly Id<'art'>[]): Promise<void> => {
  const until = workspaceToday(call).add({ years: 10 }).with({ month: 12, day: 31 });
  await call.tx
    .updateTable('invoice_artifacts')
    .set({ sent_at: call.now, retention_until: until })
    .where('id', 'in', [...ids])
    .where('sent_at', 'is', null)
    .execute();
};

/** The argument of what is about the files of one invoice. */
export const ofInvoice = invoiceId.describe('The invoice.');
