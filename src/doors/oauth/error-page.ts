import type { Context, Handler } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html } from '#doors/common/layout.ts';
import { isDocumentId } from '#identity/oauth-cimd.ts';
import { isOauthError } from '#identity/oauth-error.ts';
import { redirectHostOf } from '#identity/oauth-redirect-uri.ts';
import { Refusal, statusOf } from '#values/refusal.ts';

/** Descriptions are written for a client's log, in small letters. */
const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

type Answered = Response | Promise<Response>;

const answer = (
  c: Context,
  status: ContentfulStatusCode,
  title: string,
  what: string,
  advice: Html,
): Answered =>
  answerPage(
    c,
    {
      title,
      width: 'narrow',
      bare: true,
      body: html`<div class="stack">
        <h1>${title}</h1>
        <p class="notice bad">${what}</p>
        ${advice}
      </div>`,
    },
    status,
  );

/** The request was answered, took too long, or belongs to another sign-in. */
export const requestGone = (c: Context): Answered =>
  answer(
    c,
    400,
    'This request is over',
    'It was answered already, it waited longer than ten minutes, or it was begun by another sign-in.',
    html`<p>Go back to your app and connect it once more. Nothing was changed here.</p>
      <p><a href="/account/integrations">See your connected apps</a></p>`,
  );

/** The person chose something that they may not. */
export const notYours = (c: Context): Answered =>
  answer(
    c,
    403,
    'That workspace cannot be connected',
    'You do not belong to it, or apps have no access to it at the moment.',
    html`<p>Go back to your app and connect it once more, to a workspace of yours.</p>`,
  );

/** An app asked for something that does not exist here. Its answer is behind a link: nobody is sent there without wanting to. */
export const askedWrongly = (c: Context, description: string, target: string): Answered =>
  answer(
    c,
    400,
    'The app asked for something that Stint does not do',
    sentence(description),
    html`<p>
        Nothing was changed. You were sent here by an app at <strong>${redirectHostOf(target)}</strong>.
      </p>
      <p><a href="${target}" rel="noreferrer">Back to ${redirectHostOf(target)}</a></p>`,
  );

/**
 * A request that cannot be trusted, or not understood, is answered here and nowhere else: where it asks to be sent is not proved.
 * @see RFC 6749 section 4.1.2.1
 */
export const answerProblem = (c: Context, house: DoorHouse, error: unknown): Answered => {
  if (error instanceof Refusal) {
    return answer(
      c,
      statusOf[error.kind] as ContentfulStatusCode,
      'That did not work',
      error.message,
      html``,
    );
  }
  if (!isOauthError(error)) {
    house.log.error({ err: error, path: c.req.path }, 'an OAuth page failed');
    return answer(
      c,
      503,
      'Stint has trouble',
      'Something broke on our side; nothing was changed.',
      html`<p>Wait a moment, then connect your app once more.</p>`,
    );
  }
  const { oauthCode, message, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) {
    c.header('retry-after', String(retryAfterSeconds));
    return answer(
      c,
      429,
      'Too much at once',
      sentence(message),
      html`<p>Wait a minute, then connect your app once more.</p>`,
    );
  }
  // A client that has a document is registered nowhere: there is nothing to forget.
  const registers = !isDocumentId(c.req.query('client_id') ?? '');
  const advice =
    oauthCode === 'invalid_client' && registers
      ? html`<p>
            Stint does not know this app (any more). Remove the connection to Stint inside the app, so that it
            forgets its old registration, and add it again.
          </p>
          <ul class="plain stack-s">
            <li>Claude Code: <code>claude mcp remove stint</code>, then add it again</li>
            <li>Codex: <code>codex mcp logout stint</code>, then <code>codex mcp login stint</code></li>
            <li>Others: sign out of the server, or delete what the app stored about it</li>
          </ul>`
      : html`<p>
          This comes from the app, not from you. Start again from inside it; if it happens again, tell its
          makers the sentence above.
        </p>`;
  return answer(c, 400, 'This app cannot be connected like this', sentence(message), advice);
};

/** Runs an endpoint that a person sees; whatever goes wrong becomes a page. */
export const browserEndpoint =
  (house: DoorHouse, run: (c: Context) => Answered): Handler =>
  async (c) => {
    try {
      return await run(c);
    } catch (error) {
      return await answerProblem(c, house, error);
    }
  };
