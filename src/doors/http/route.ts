import type { z } from 'zod';
import type { Operation } from '#operation/operation.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Where an operation lives at the HTTP door; all of it follows from its name, effect and input. */
export interface Route {
  readonly method: Method;
  /** Below `/api/v1`, with `{id}` where the input has one: `/time-entries/{id}/split`. */
  readonly path: string;
  readonly hasId: boolean;
  /** Whether arguments come in a JSON body; else in the query string. */
  readonly hasBody: boolean;
}

export const apiRoot = '/api/v1';

const kebab = (name: string): string => name.replaceAll('_', '-');

const methodOfVerb: Readonly<Record<string, Method>> = {
  list: 'GET',
  get: 'GET',
  create: 'POST',
  update: 'PATCH',
  delete: 'DELETE',
};

/** Whether the input names the record with a required `id`: only then it is part of the path. */
const namesRecord = ({ input }: Operation): boolean => {
  const id = (input.shape as Record<string, z.ZodType>)['id'];
  return id !== undefined && !id.safeParse(undefined).success;
};

/**
 * The route of an operation: list and get are GET, create is POST, update PATCH, delete DELETE on the noun; every other verb is a
 * path of its own, GET where it only reads, else POST.
 */
export const routeOf = (operation: Operation): Route => {
  const [noun = '', verb = ''] = operation.name.split('.');
  const hasId = namesRecord(operation) && verb !== 'create' && verb !== 'list';
  const ofVerb = methodOfVerb[verb];
  const method = ofVerb ?? (operation.effect === 'read' ? 'GET' : 'POST');
  const path = `/${kebab(noun)}${hasId ? '/{id}' : ''}${ofVerb === undefined ? `/${kebab(verb)}` : ''}`;
  return { method, path, hasId, hasBody: method === 'POST' || method === 'PATCH' };
};

/** The operations of the HTTP door with their routes; paths without `{id}` first, since the first that fits answers. */
export const routesOf = (operations: readonly Operation[]): { operation: Operation; route: Route }[] => {
  const routes = operations
    .filter(({ doors }) => doors.has('http'))
    .map((operation) => ({ operation, route: routeOf(operation) }));
  return routes.sort((a, b) => Number(a.route.hasId) - Number(b.route.hasId));
};
