/**
 * Copies of the metadata documents of well-known clients, for a Stint that cannot reach them: behind a firewall, or while the publisher's
 * site is down. Used only when the document cannot be had from its own address. A port is left out where the app chooses one.
 */
export const knownClients: Readonly<Record<string, object>> = {
  'https://claude.ai/oauth/claude-code-client-metadata': {
    client_name: 'Claude Code',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
  'https://chatgpt.com/oauth/codex/client.json': {
    client_name: 'Codex',
    redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  },
};
