import { randomInt } from 'node:crypto';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html } from '#doors/common/layout.ts';
import { readSession } from '#doors/common/session-cookie.ts';
import { broken } from '#operation/run.ts';
import { notFound, Refusal, type RefusalKind, statusOf } from '#values/refusal.ts';

const titles: Record<RefusalKind, string> = {
  invalid: 'Something in the form is not right',
  denied: 'You cannot do this',
  not_found: 'There is nothing here',
  conflict: 'This has changed in the meantime',
  limited: 'Too many attempts',
  unavailable: 'Please try again in a moment',
  broken: 'Something broke on our side',
};
const advice: Record<RefusalKind, string> = {
  invalid: 'Go back, correct it and send it again.',
  denied: 'If you think you should be able to, ask whoever runs this Stint.',
  not_found:
    'The address may be mistyped, or what was here is gone, or it belongs to a workspace that you are not in.',
  conflict: 'Go back, reload the page and look at it again before you change it.',
  limited: 'Nothing is lost; only wait.',
  unavailable: 'Nothing is lost. Going back and sending the form once more is enough.',
  broken: 'Nothing was changed. If it happens again, give this reference to whoever runs this Stint.',
};

/** Whether the client shows pages: a browser does, a program that asks for anything wants JSON. */
const wantsPage = (c: Context): boolean => c.req.header('accept')?.includes('text/html') === true;

/** The refusal as a page that says what happened and what to do, or as JSON for programs. */
export const answerRefusal = async (house: DoorHouse, c: Context, refused: Refusal): Promise<Response> => {
  const status = statusOf[refused.kind] as ContentfulStatusCode;
  if (refused.retryAfterMs !== undefined)
    c.header('retry-after', String(Math.ceil(refused.retryAfterMs / 1000)));
  c.header('vary', 'accept');
  if (!wantsPage(c)) return c.json({ error: refused.toJSON() }, status, { 'cache-control': 'no-store' });
  const session = await readSession(c, house).catch(() => null);
  const plain = refused.kind === 'not_found' || refused.message === 'Access denied';
  const says: Html | '' = plain ? '' : html`<p class="lead">${refused.message}</p>`;
  const body = html`<div class="stack">
    <p class="eyebrow">${status}</p>
    <h1>${titles[refused.kind]}</h1>
    ${says}
    <p>${advice[refused.kind]}</p>
    <p class="row">
      <a class="button" href="/">Go to the start page</a>
      ${session === null ? html`<a class="button quiet" href="/login">Sign in</a>` : ''}
    </p>
  </div>`;
  return answerPage(
    c,
    { title: titles[refused.kind], body, user: session?.user ?? null, width: 'middle' },
    status,
  );
};

/** What a page answers when something was thrown: a refusal as itself, anything else with a reference into the log. */
export const answerError =
  (house: DoorHouse) =>
  async (error: Error, c: Context): Promise<Response> => {
    if (error instanceof Refusal) return answerRefusal(house, c, error);
    const reference = Array.from({ length: 6 }, () => '23456789ABCDEFGHJKMNPQRSTVWXYZ'[randomInt(30)]).join(
      '',
    );
    house.log.error({ err: error, path: c.req.path, reference }, 'page failed');
    return answerRefusal(house, c, broken({ reference }));
  };

/** What the last door answers to every address that nobody knows. */
export const answerNothingHere = (house: DoorHouse) => (c: Context) => answerRefusal(house, c, notFound({}));
