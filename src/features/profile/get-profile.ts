import { z } from 'zod';
import { roles } from '#operation/actor.ts';
import { operation } from '#operation/operation.ts';
import { idSchema } from '#values/id.ts';
import { currencyText } from '#values/money.ts';

const weekStart = z.number().int().describe('First day of the week: 0 Sunday, 1 Monday, 6 Saturday.');

export const getProfile = operation({
  name: 'profile.get',
  title: 'Who am I',
  summary: 'Who you act for, in which workspace, with which role and permissions, and what time it is there.',
  guidance: 'Call it first: dates and times without a zone are read in user.timezone.',
  effect: 'read',
  needs: { scope: 'profile:read', role: 'viewer' },
  input: z.object({}),
  output: z.object({
    user: z
      .object({
        id: idSchema('usr'),
        member_id: idSchema('mem'),
        name: z.string().describe('Name.'),
        email: z.string().describe('E-mail address.'),
        timezone: z.string().describe('IANA zone; naive times are read in it.'),
        week_start: weekStart,
        locale: z.string().describe('Language and region.'),
        duration_format: z.enum(['h:mm', 'decimal', 'text']).describe('How they like durations written.'),
      })
      .describe('The person.'),
    workspace: z
      .object({
        id: idSchema('wsp'),
        name: z.string().describe('Its name.'),
        currency: currencyText.describe('Its own currency.'),
      })
      .describe('The one workspace that this connection reaches.'),
    role: z.enum(roles).describe('Their role in it.'),
    scopes: z.array(z.string()).describe('What this connection may do.'),
    now: z
      .object({
        utc: z.string().describe('The instant.'),
        local: z.string().describe('The same in user.timezone.'),
        today: z.string().describe('The date there.'),
        weekday: z.string().describe('Its weekday.'),
      })
      .describe('The current time.'),
  }),
  async handle(_, { actor, now, zone, today }) {
    const { user, workspace, membership, via } = actor;
    const { id, name, email, timezone, week_start, locale, duration_format } = user;
    return {
      user: { id, member_id: membership.id, name, email, timezone, week_start, locale, duration_format },
      workspace: { id: workspace.id, name: workspace.name, currency: workspace.currency },
      role: membership.role,
      scopes: [...via.scopes],
      now: {
        utc: now.toString({ smallestUnit: 'second' }),
        local: now.toString({ timeZone: zone, smallestUnit: 'second' }),
        today: today.toString(),
        weekday: today.toLocaleString('en', { weekday: 'long' }),
      },
    };
  },
});
