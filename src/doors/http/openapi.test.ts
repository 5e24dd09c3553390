import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { openApi } from './openapi.ts';
import { routesOf } from './route.ts';

const described = openApi({ operations, publicUrl: 'https://stint.example.com' });
const paths = described['paths'] as Record<string, Record<string, Record<string, any>>>;

test('it is valid OpenAPI 3.1, and describes every operation of this door', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(described));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  const ids = Object.values(paths)
    .flatMap((path) => Object.values(path))
    .map(({ operationId }) => operationId as string);
  expect(ids.sort()).toEqual(
    routesOf(operations)
      .map(({ operation }) => operation.name)
      .sort(),
  );
});

test('an operation names the scopes it takes and every way it is refused', () => {
  expect(paths['/tags']?.['post']?.['security'][0].oauth2).toEqual(['tags:write', 'tags:read']);
  const responses = paths['/tags/{id}']?.['patch']?.['responses'] as Record<string, { description: string }>;
  expect(Object.keys(responses).join(' ')).toBe('200 400 401 403 404 409 412 413 415 422 429 500 503');
  expect(responses['403']?.description).toContain('public_api_access_required');
});
