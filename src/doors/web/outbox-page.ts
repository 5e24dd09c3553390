import type { Context } from 'hono';
import { html } from 'hono/html';
import type { DoorHouse } from '#doors/common/house.ts';
import { answerPage, type Html } from '#doors/common/layout.ts';
import { type Membership, membershipsOf } from '#identity/memberships.ts';
import type { Session } from '#identity/sessions.ts';
import { counted } from '#values/counted.ts';
import { fact } from './facts.ts';
import { everyRow } from './signed-in.ts';
import { timeText } from './words.ts';

/** A mail as `outbox.list` gives it. */
interface KeptMail {
  id: string;
  status: 'waiting' | 'failed' | 'unclear';
  to: string[];
  cc: string[];
  subject: string;
  text: string;
  attachments: { file_name: string; url: string }[];
  attempts: number;
  problem: string | null;
  details: string | null;
  next_attempt_at: string | null;
  created_at: string;
}

const badges = {
  waiting: html`<span class="badge">Waiting</span>`,
  failed: html`<span class="badge bad">Not sent</span>`,
  unclear: html`<span class="badge warn">Unclear</span>`,
} as const;

const mailCard = (mail: KeptMail, zone: string): Html => {
  const { to, cc, text, attachments, attempts, problem, details: said, next_attempt_at: next } = mail;
  const tried =
    attempts === 0 ? 'not tried yet' : `tried ${attempts === 1 ? 'once' : counted(attempts, 'time')}`;
  const files = attachments.map(
    ({ file_name: name, url }) => html`<li><a href="${url}" download>${name}</a></li>`,
  );
  const trouble =
    problem === null
      ? ''
      : html`<div class="notice ${mail.status === 'failed' ? 'bad' : 'warn'} small">
          ${problem} ${said === null ? '' : html`<br /><span>In detail: ${said}</span>`}
        </div>`;
  return html`<article class="card stack" id="mail-${mail.id}">
    <header>
      <h3 dir="auto">${mail.subject}</h3>
      ${badges[mail.status]}
    </header>
    <dl class="facts led">
      ${fact('To', to.join(', '), cc.length === 0 ? undefined : `copies to ${cc.join(', ')}`)}
      ${fact('Written', timeText(mail.created_at, zone))}
      ${fact('Attempts', tried, next === null ? undefined : `next on ${timeText(next, zone)}`)}
    </dl>
    ${trouble}
    <details class="fold">
      <summary>Text${files.length === 0 ? '' : ` and ${counted(files.length, 'file')}`}</summary>
      <div class="stack">
        <p class="letter" dir="auto">${text}</p>
        ${
          files.length === 0
            ? ''
            : html`<ul class="rows" aria-label="Files">
                ${files}
              </ul>`
        }
      </div>
    </details>
  </article>`;
};

const workspaceMails = (name: string, alone: boolean, mails: readonly KeptMail[], zone: string): Html =>
  html`<section class="stack">
    ${alone ? '' : html`<h2>${name}</h2>`}
    <div class="cards">${mails.map((mail) => mailCard(mail, zone))}</div>
  </section>`;

const mayLook = ({ stopped, role }: Membership): boolean =>
  stopped === null && (role === 'owner' || role === 'admin');

/** `GET /outbox`: the mail of one's workspaces that has not gone out, and why; for those who administer one. */
export const outboxPage = (house: DoorHouse) => async (c: Context, session: Session) => {
  const memberships = (await membershipsOf(house.database, session.userId)).filter(mayLook);
  const found: { name: string; mails: KeptMail[] }[] = [];
  for (const { name, workspaceId } of memberships) {
    const mails = await everyRow<KeptMail>(house, c, session, workspaceId, 'outbox.list');
    if (mails.length > 0) found.push({ name, mails });
  }
  const kept = house.config.smtpUrl === null;
  const unclear = found.some(({ mails }) => mails.some(({ status }) => status === 'unclear'));
  const body = html`<div class="stack-l">
    <div class="stack">
      <h1>Outbox</h1>
      <p class="lead">Mail to your clients that has not gone out.</p>
      ${
        kept
          ? html`<div class="notice warn">
              This Stint has no mail server, so every mail stays here. Whoever runs it can set
              <code>SMTP_URL</code>; all that waits goes out then, so look through it first.
            </div>`
          : ''
      }
      ${
        unclear
          ? html`<div class="notice">
              Where it is unclear whether a mail arrived, ask its recipient before you send it again.
            </div>`
          : ''
      }
    </div>
    ${
      memberships.length === 0
        ? html`<div class="empty">Only owners and admins of a workspace see its mail.</div>`
        : found.length === 0
          ? html`<div class="empty">Nothing is waiting.</div>`
          : found.map(({ name, mails }) =>
              workspaceMails(name, memberships.length === 1, mails, session.user.timezone),
            )
    }
  </div>`;
  return answerPage(c, { title: 'Outbox', body, user: session.user, here: '/outbox', width: 'middle' });
};
