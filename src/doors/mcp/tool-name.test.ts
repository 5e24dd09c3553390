import { expect, test } from 'vitest';
import { operations } from '#catalogue.ts';
import { makeToolbox } from './toolbox.ts';
import { speller } from './tool-name.ts';

const one = operations.find(({ doors }) => doors.has('mcp'))!;

test('two operations that would be one tool are found when the door opens', () => {
  const twins = [
    { ...one, name: 'time.entries_list' },
    { ...one, name: 'time_entries.list' },
  ];
  expect(() => makeToolbox(twins)).toThrow('two tools are called time_entries_list');
});

test('names inside a text are spelled as the list spells them, and nothing else is', () => {
  const spell = speller([
    { ...one, name: 'tasks.list' },
    { ...one, name: 'tasks.list_all' },
  ]);
  const text = 'See tasks.list, tasks.list_all and mytasks.list; not tasks.listing or a.tasks.list.';
  expect(spell(text, 'dotted')).toBe(text);
  expect(spell(text, 'wire')).toBe(
    'See tasks_list, tasks_list_all and mytasks.list; not tasks.listing or a.tasks.list.',
  );
});
