import { html } from 'hono/html';
import type { Html } from '#doors/common/layout.ts';

interface Guide {
  readonly client: string;
  readonly steps: Html;
}

const copy = (text: string): Html => html`<pre class="copy" tabindex="0">${text}</pre>`;

const isLocal = (publicUrl: string): boolean => /^(localhost|127\.|\[::1\])/.test(new URL(publicUrl).host);

const guides = (publicUrl: string): Guide[] => {
  const mcp = `${publicUrl}/mcp`;
  const cursor = Buffer.from(JSON.stringify({ url: mcp })).toString('base64');
  const openCode = JSON.stringify({ mcp: { stint: { type: 'remote', url: mcp, enabled: true } } }, null, 2);
  const cursorFile = JSON.stringify({ mcpServers: { stint: { url: mcp } } }, null, 2);
  return [
    {
      client: 'Claude Code',
      steps: html`${copy(`claude mcp add --transport http stint ${mcp}`)}
        <p>Then type <code>/mcp</code> inside Claude Code, choose <b>stint</b> and sign in.</p>`,
    },
    {
      client: 'Codex',
      steps: html`${copy(`codex mcp add stint --url ${mcp}\ncodex mcp login stint`)}
        <p>The second command opens the browser.</p>`,
    },
    {
      client: 'Gemini CLI',
      steps: html`${copy(`gemini mcp add --transport http stint ${mcp}`)}
        <p>
          Then type <code>/mcp auth stint</code> inside Gemini CLI. The address must have no slash at its end.
        </p>`,
    },
    {
      client: 'OpenCode',
      steps: html`<p>In <code>opencode.json</code>:</p>
        ${copy(openCode)}
        <p>Then, in a terminal:</p>
        ${copy('opencode mcp auth stint')}`,
    },
    {
      client: 'Cursor',
      steps: html`<p>
          <a
            class="button quiet"
            href="cursor://anysphere.cursor-deeplink/mcp/install?name=stint&config=${encodeURIComponent(cursor)}"
            >Add to Cursor</a
          >
        </p>
        <p>Or in <code>~/.cursor/mcp.json</code>:</p>
        ${copy(cursorFile)}`,
    },
    {
      client: 'ChatGPT and Claude on the web',
      steps: html`<p>
          Add a connector with this address. In ChatGPT: Settings → Apps and connectors → Advanced → Developer
          mode, then Create. In Claude: Settings → Connectors → Add custom connector.
        </p>
        ${copy(mcp)}
        ${
          isLocal(publicUrl)
            ? html`<p class="notice warn">
                These run in the cloud and cannot reach <b>${new URL(publicUrl).host}</b>. Give this Stint a
                public https address first (<code>STINT_PUBLIC_URL</code>).
              </p>`
            : ''
        }`,
    },
    {
      client: 'Anything else, with an API token',
      steps: html`<p>
          Where no browser can open, make a token under <a href="/account/tokens">API tokens</a> and send it
          as a header. For example:
        </p>
        ${copy(`claude mcp add --transport http stint ${mcp} \\\n  --header "Authorization: Bearer $STINT_TOKEN"`)}
        ${copy(`codex mcp add stint --url ${mcp} --bearer-token-env-var STINT_TOKEN`)}`,
    },
  ];
};

/** The address for AI tools, and how each of them is told it; a click on a command selects the whole of it. */
export const connectGuide = (publicUrl: string, openFirst: boolean): Html => {
  const folds = guides(publicUrl).map(
    ({ client, steps }, index) =>
      html`<details class="fold" ${openFirst && index === 0 ? html`open` : ''}>
        <summary>${client}</summary>
        <div class="stack">${steps}</div>
      </details>`,
  );
  return html`<div class="stack">
    <div class="stack-s">
      <p class="label" id="mcp-address">The address for AI tools (MCP)</p>
      <pre class="copy address" tabindex="0" aria-labelledby="mcp-address">${publicUrl}/mcp</pre>
      <p class="small muted">A click on such a box selects all of it, ready to copy.</p>
    </div>
    <div>${folds}</div>
  </div>`;
};
