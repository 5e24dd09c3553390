import { type Section, catalogue } from '#catalogue.ts';
import type { Spelling } from './tool-name.ts';

/** What the address asks for: `?names=dotted` and `?toolsets=time,catalog`. It changes what is listed, never what is allowed. */
export interface Menu {
  readonly spelling: Spelling;
  /** null: every one. */
  readonly toolsets: ReadonlySet<Section['toolset']> | null;
}

/** The toolsets that hold at least one tool. */
export const toolsetNames = (): Section['toolset'][] =>
  catalogue
    .filter(({ operations }) => operations.some(({ doors }) => doors.has('mcp')))
    .map(({ toolset }) => toolset);

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Reads the menu from the query of the address, or gives the sentence that says what is wrong with it. */
export const readMenu = (query: (name: string) => string | undefined): Menu | string => {
  const names = query('names') ?? 'wire';
  if (names !== 'wire' && names !== 'dotted') {
    return `?names= in the address of this MCP server must be "dotted" (tasks.list) or "wire" (tasks_list, as without it), not "${names.slice(0, 40)}".`;
  }
  const text = query('toolsets');
  if (text === undefined || text === '') return { spelling: names, toolsets: null };
  const known = toolsetNames();
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !known.some((each) => each === name));
  if (unknown.length > 0) {
    return `?toolsets= in the address of this MCP server has no ${list(unknown.map((name) => name.slice(0, 40)))}. There are: ${list(known)}.`;
  }
  return { spelling: names, toolsets: new Set(known.filter((name) => wanted.includes(name))) };
};
