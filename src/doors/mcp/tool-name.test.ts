import { expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { makeToolbox } from './toolbox.ts';
import { speller, toolName } from './tool-name.ts';

const tools = operations.filter(({ doors }) => doors.has('mcp'));

test('every name on the wire is unique, short, and made of what every client takes', () => {
  const wire = tools.map(({ name }) => toolName(name, 'wire'));
  expect(wire.length).toBeGreaterThan(5);
  expect(new Set(wire).size).toBe(wire.length);
  for (const name of wire) expect(name).toMatch(/^[a-z][a-z_]{2,39}$/);
});

test('two operations that would be one tool are found when the door opens', () => {
  const [one] = tools;
  const twins = [
    { ...one!, name: 'time.entries_list' },
    { ...one!, name: 'time_entries.list' },
  ];
  expect(() => makeToolbox(twins)).toThrow('two tools are called time_entries_list');
});

test('names inside a text are spelled as the list spells them, and nothing else is', () => {
  const [one] = tools;
  const spell = speller([
    { ...one!, name: 'tasks.list' },
    { ...one!, name: 'tasks.list_all' },
  ]);
  const text = 'See tasks.list, tasks.list_all and mytasks.list; not tasks.listing or a.tasks.list.';
  expect(spell(text, 'dotted')).toBe(text);
  expect(spell(text, 'wire')).toBe(
    'See tasks_list, tasks_list_all and mytasks.list; not tasks.listing or a.tasks.list.',
  );
});
