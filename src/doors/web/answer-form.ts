import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { answerPage, type PageParts } from '#doors/common/layout.ts';
import { type Refusal, statusOf } from '#values/refusal.ts';

/** Answers with a page that holds a form: 200, or where the form was refused the refusal's status, and in seconds how long to wait. */
export const answerForm = (
  c: Context,
  parts: PageParts,
  refused: Refusal | null,
): Response | Promise<Response> => {
  if (refused?.retryAfterMs !== undefined)
    c.header('retry-after', String(Math.ceil(refused.retryAfterMs / 1000)));
  return answerPage(c, parts, refused === null ? 200 : (statusOf[refused.kind] as ContentfulStatusCode));
};
