import type { Context, Handler } from 'hono';
import type { DoorHouse } from '#doors/common/house.ts';
import { seeOther } from '#doors/common/layout.ts';
import { requestFacts } from '#doors/common/request-facts.ts';
import { readSession } from '#doors/common/session-cookie.ts';
import { houseVia, loadActor } from '#identity/actor.ts';
import type { Session } from '#identity/sessions.ts';
import { type Answer, run } from '#operation/run.ts';
import type { Id } from '#values/id.ts';

type Answered = Response | Promise<Response>;

/** Answers only who is signed in; everybody else signs in first and comes back. A form is not sent again: they come back to its page. */
export const signedIn =
  (house: DoorHouse, answer: (c: Context, session: Session) => Answered, formPage?: string): Handler =>
  async (c) => {
    const session = await readSession(c, house);
    if (session !== null) return answer(c, session);
    const { pathname, search } = new URL(c.req.url);
    const back = c.req.method === 'GET' ? `${pathname}${search}` : (formPage ?? '/');
    return seeOther(c, back === '/' ? '/login' : `/login?return_to=${encodeURIComponent(back)}`);
  };

/** Calls an operation by its name as the person who is signed in, in one of their workspaces. Throws what `run` and `loadActor` throw. */
export const operate = async <Shape = Answer>(
  house: DoorHouse,
  c: Context,
  session: Session,
  workspaceId: string,
  name: string,
  input: object = {},
): Promise<Shape> => {
  const operation = house.operations.find((each) => each.name === name);
  if (operation?.doors.has('web') !== true) throw new Error(`no operation of the pages is called ${name}`);
  const actor = await loadActor(house.database, {
    userId: session.userId,
    workspaceId: workspaceId as Id<'wsp'>,
    via: houseVia('session'),
    evenStopped: operation.needs.evenStopped === true,
  });
  return (await run(house, actor, operation, input, requestFacts(c, house, 'web'))) as Shape;
};

interface Page<Row> {
  data: Row[];
  meta: { next_cursor: string | null };
}

/** Every row of a list operation, page by page. Throws what `operate` throws. */
export const everyRow = async <Row>(
  house: DoorHouse,
  c: Context,
  session: Session,
  workspaceId: string,
  name: string,
  input: object = {},
): Promise<Row[]> => {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const asked: object = { ...input, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const found: Page<Row> = await operate<Page<Row>>(house, c, session, workspaceId, name, asked);
    rows.push(...found.data);
    cursor = found.meta.next_cursor;
  } while (cursor !== null);
  return rows;
};
