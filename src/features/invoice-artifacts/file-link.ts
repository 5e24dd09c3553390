import { sql } from 'kysely';
import type { Call } from '#operation/call.ts';

const minutes = 10;

/**
 * The address where a file of this workspace can be fetched for ten minutes, by whoever has it. What makes it good is reckoned in the
 * store, which alone has the key: so every process can check every link.
 */
export const fileLink = async (
  { tx, actor, now, publicUrl }: Call,
  sha256: string,
  fileName: string,
): Promise<string> => {
  const expires = Math.floor(now.add({ minutes }).epochMilliseconds / 1000);
  const payload = `${sha256}.${expires}.${fileName}`;
  const { rows } = await sql<{ mac: string }>`select file_link_mac(${payload}) as mac`.execute(tx);
  const mac = rows[0]!.mac.slice(0, 32);
  return `${publicUrl}/files/${actor.workspace.id}.${sha256}.${expires}.${mac}/${encodeURIComponent(fileName)}`;
};
