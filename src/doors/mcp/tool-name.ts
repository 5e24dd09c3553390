import type { Operation } from '#operation/operation.ts';

/** How tools are called in lists: `wire` (`tasks_list`) because several clients refuse a dot, or `dotted` as everywhere else. */
export type Spelling = 'wire' | 'dotted';

/** The one function that spells names. */
export const toolName = (name: string, spelling: Spelling): string =>
  spelling === 'dotted' ? name : name.replaceAll('.', '_');

/**
 * Gives a function that spells every one of these operations' names inside a text, so that what a model reads names tools as its
 * list does.
 */
export const speller = (operations: readonly Operation[]): ((text: string, spelling: Spelling) => string) => {
  // Longest first, or `tasks.notes` would be found inside a longer name.
  const names = operations.map(({ name }) => name).sort((a, b) => b.length - a.length);
  if (names.length === 0) return (text) => text;
  const any = new RegExp(`(?<![\\w.])(?:${names.join('|').replaceAll('.', '\\.')})(?![\\w])`, 'g');
  return (text, spelling) =>
    spelling === 'dotted' ? text : text.replace(any, (name) => toolName(name, spelling));
};
