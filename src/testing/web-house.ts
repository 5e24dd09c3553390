import { randomBytes } from 'node:crypto';
import { readConfig } from '#config.ts';
import { webDoor } from '#doors/web/door.ts';
import { openTestHouse, serveHouse, type TestHouse } from './house.ts';
import { password, type Person } from './people.ts';
import { visit, type Visitor } from './visitor.ts';

/** A house whose pages are open. */
export interface WebHouse {
  readonly house: TestHouse;
  readonly url: string;
  close(): Promise<void>;
  /** A browser in which a person has signed in with their password. */
  signedInAs(person: Person): Promise<Visitor>;
}

/** Headers of somebody in a network that no other test uses: attempts at a password are counted by network. */
export const elsewhere = (): Record<string, string> => ({
  'x-forwarded-for': `2001:db8:${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}::1`,
});

/** Opens the pages on a free port, behind a proxy that says who comes. */
export const serveWeb = async (): Promise<WebHouse> => {
  const house = await openTestHouse({ config: readConfig({ STINT_TRUST_PROXY: '1' }) });
  const served = await serveHouse(house, [webDoor]);
  return {
    house,
    url: served.url,
    close: () => served.close(),
    signedInAs: async ({ email }) => {
      const visitor = visit(served.url);
      await visitor.post('/login', { email, password }, elsewhere());
      return visitor;
    },
  };
};
