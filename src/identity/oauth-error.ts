/** The error codes of RFC 6749 sections 4.1.2.1 and 5.2, RFC 7591 section 3.2.2, RFC 8707, and OpenID Connect Core 3.1.2.6. */
export type OauthErrorCode =
  | 'access_denied'
  | 'consent_required'
  | 'invalid_client'
  | 'invalid_client_metadata'
  | 'invalid_grant'
  | 'invalid_redirect_uri'
  | 'invalid_request'
  | 'invalid_scope'
  | 'invalid_target'
  | 'login_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'temporarily_unavailable'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'unsupported_token_type';

/** A no in the language of OAuth, where clients read codes rather than our refusals. The message is written by us and safe to show. */
export interface OauthError extends Error {
  readonly oauthCode: OauthErrorCode;
  /** When it makes sense to try again. */
  readonly retryAfterSeconds?: number;
}

/** Makes an error to throw; `description` is a sentence for whoever reads the client's log. */
export const oauthError = (
  oauthCode: OauthErrorCode,
  description: string,
  retryAfterSeconds?: number,
): OauthError =>
  Object.assign(
    new Error(description),
    { oauthCode },
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  );

export const isOauthError = (error: unknown): error is OauthError =>
  error instanceof Error && 'oauthCode' in error;
