import { timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { House } from '#operation/run.ts';
import { isKeepable } from '#values/keepable.ts';

/** A file as a link gives it. */
export interface LinkedFile {
  readonly mime: string;
  readonly content: Buffer;
}

const linkShape =
  /^(?<workspace>wsp_[0-9a-hjkmnp-tv-z]{26})\.(?<sha256>[0-9a-f]{64})\.(?<expires>\d{1,12})\.(?<mac>[0-9a-f]{32})$/;

/** What a signed link leads to; null where it is not one of ours, for another name, or too old. */
export const openFileLink = async (
  { database, clock }: House,
  link: string,
  fileName: string,
): Promise<LinkedFile | null> => {
  const parts = linkShape.exec(link)?.groups;
  if (parts === undefined || !isKeepable(fileName)) return null;
  const { workspace, sha256, expires, mac } = parts as Record<
    'workspace' | 'sha256' | 'expires' | 'mac',
    string
  >;
  const now = clock();
  if (Number(expires) * 1000 <= now.epochMilliseconds) return null;
  return database.readWorkspace(workspace, now, async (tx) => {
    const payload = `${sha256}.${expires}.${fileName}`;
    const { rows } = await sql<{ mac: string }>`select file_link_mac(${payload}) as mac`.execute(tx);
    const good = timingSafeEqual(Buffer.from(rows[0]!.mac.slice(0, 32)), Buffer.from(mac));
    if (!good) return null;
    const file = await tx
      .selectFrom('files')
      .select(['mime', 'content'])
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    return file ?? null;
  });
};
