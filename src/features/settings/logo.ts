import { sql } from 'kysely';
import type { Transaction } from '#database/database.ts';
import { keepFile } from '#database/files.ts';
import { sniffImage } from '#values/image.ts';
import { type Refusal, validationFailed } from '#values/refusal.ts';
import type { StoredLogo } from './settings.ts';
import { largestLogo } from './settings-input.ts';

const mostPixels = 4000;
const wrong = (message: string): Refusal => validationFailed({ message }, 'invoice.logo');

/** Reads a logo: base64, with or without the head of a data URL. What it is, its bytes say, not its name. */
const readLogo = (text: string): { content: Buffer; mime: StoredLogo['mime'] } => {
  const body = text.replace(/^data:[a-z/+.-]*;base64,/i, '').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) throw wrong('invoice.logo must be a picture as base64.');
  const content = Buffer.from(body, 'base64');
  if (content.length > largestLogo) {
    throw wrong(
      `invoice.logo is larger than 200 KB (${Math.ceil(content.length / 1024)} KB). Make it smaller.`,
    );
  }
  const facts = sniffImage(content);
  if (facts === null) throw wrong('invoice.logo must be a PNG or a JPEG; these bytes are neither.');
  const { mime, width, height } = facts;
  if (width < 1 || height < 1 || width > mostPixels || height > mostPixels) {
    throw wrong(
      `invoice.logo has ${width} by ${height} pixels; it may have up to ${mostPixels} each way. Make it smaller.`,
    );
  }
  return { content, mime };
};

const removeLogo = async (tx: Transaction, { sha256 }: StoredLogo): Promise<void> => {
  await sql`delete from files f where f.sha256 = ${sha256}
    and not exists (select from invoice_artifacts a where a.sha256 = f.sha256)`.execute(tx);
};

/** Keeps another logo in the place of the old one, or none. */
export const replaceLogo = async (
  tx: Transaction,
  old: StoredLogo | null,
  given: string | null,
): Promise<StoredLogo | null> => {
  const next = given === null ? null : readLogo(given);
  const sha256 = next === null ? null : await keepFile(tx, next.content, next.mime);
  if (old !== null && old.sha256 !== sha256) await removeLogo(tx, old);
  return next === null ? null : { mime: next.mime, bytes: next.content.length, sha256: sha256! };
};
