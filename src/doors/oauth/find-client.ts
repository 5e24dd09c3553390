import { isDocumentId } from '#identity/oauth-cimd.ts';
import { type OauthClient, storedClient } from '#identity/oauth-clients.ts';
import { oauthError } from '#identity/oauth-error.ts';
import type { OauthParts } from './parts.ts';

/** The client of an authorization request: registered here, or described by the document at its address. Throws `invalid_client`. */
export const findClient = async (
  { house, findDocumentClient }: OauthParts,
  id: string | undefined,
  address: string,
): Promise<OauthClient> => {
  if (id === undefined) throw oauthError('invalid_request', 'client_id is required');
  if (isDocumentId(id)) {
    if (house.config.cimd === 'off')
      throw oauthError('invalid_client', 'client ids that are addresses are switched off here');
    return await findDocumentClient(id, address, house.clock());
  }
  const client = await storedClient(house.database, id);
  if (client === null) throw oauthError('invalid_client', 'no app of this client id is registered here');
  return client;
};
