import type { z } from 'zod';
import { type Refusal, validationFailed } from '#values/refusal.ts';

const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  bigint: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
  undefined: 'nothing',
};
const formats: Record<string, string> = {
  email: 'an e-mail address',
  date: 'a date, YYYY-MM-DD',
  datetime: 'an instant in RFC 3339, like 2026-10-05T13:30:00Z',
  url: 'a web address',
};
const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : (kinds[typeof value] ?? typeof value);

const size = (
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  bound: number | bigint,
  most: boolean,
): string => {
  const words = most ? 'at most' : 'at least';
  if (issue.origin === 'string') return `must have ${words} ${bound} character${bound == 1 ? '' : 's'}`;
  if (issue.origin === 'array' || issue.origin === 'set')
    return `must have ${words} ${bound} item${bound == 1 ? '' : 's'}`;
  const open = issue.inclusive === false ? (most ? 'less than' : 'more than') : words;
  return `must be ${open} ${bound}`;
};

/** Our own sentence for one issue; the texts of the library never reach a client. Given messages (refinements, ids) are ours already. */
const sentence = (issue: z.core.$ZodIssue, given: unknown): string => {
  switch (issue.code) {
    case 'invalid_type':
      return given === undefined
        ? `is required: ${kinds[issue.expected] ?? issue.expected}`
        : `must be ${kinds[issue.expected] ?? issue.expected}, not ${kindOf(given)}`;
    case 'too_small':
      return size(issue, issue.minimum, false);
    case 'too_big':
      return size(issue, issue.maximum, true);
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'unrecognized_keys':
      return `does not have ${issue.keys.length > 1 ? 'arguments' : 'an argument'} ${issue.keys.map((key) => `"${key.slice(0, 60)}"`).join(', ')}`;
    case 'invalid_format':
      return formats[issue.format] === undefined ? issue.message : `must be ${formats[issue.format]}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return issue.message === 'Invalid input' ? 'has none of the allowed forms' : issue.message;
    default:
      return issue.message;
  }
};

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );

/** The refusal of an input that did not fit its schema: every issue in a sentence, with the arguments that exist where one does not. */
export const describeIssues = (
  error: z.ZodError,
  input: unknown,
  operationName: string,
  known: string[],
): Refusal => {
  const issues = error.issues.slice(0, 8).map((issue) => ({
    path: pathText(issue.path),
    message: sentence(issue, valueAt(input, issue.path)),
  }));
  // The same fault in many places is said once: a list of forty allowed values is long enough.
  const sentences = [...Map.groupBy(issues, ({ message }) => message)].map(([message, same]) => {
    const text = message.replace(/\.$/, '');
    const places = same.map(({ path }) => (path === '' ? operationName : path)).join(', ');
    return `${places}${/^[A-Z]/.test(text) ? ':' : ''} ${text}`;
  });
  const unknown = error.issues.some(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
  const hint = unknown ? ` It takes: ${known.join(', ') || 'no arguments'}.` : '';
  return validationFailed(
    { message: `${sentences.join('; ')}.${hint}`, issues },
    issues[0]?.path || undefined,
  );
};
