import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { type Section, catalogue } from '#catalogue.ts';
import type { Actor } from '#operation/actor.ts';
import { fileAddressesOf } from '#operation/linked-files.ts';
import { hindrance } from '#operation/obstacle.ts';
import { hintsOf, type Operation } from '#operation/operation.ts';
import type { Menu } from './menu.ts';
import { sayOnce, type WireSchemas } from './say-once.ts';
import { type Spelling, speller, toolName } from './tool-name.ts';
import { type JsonSchema, sayOnly } from './tool-schema.ts';

/** An operation as a tool; made once for the life of the process. */
export interface Tool {
  readonly operation: Operation;
  readonly toolset: Section['toolset'] | undefined;
  readonly description: Record<Spelling, string>;
  readonly input: Record<Spelling, StandardSchemaWithJSON>;
  readonly output: Record<Spelling, StandardSchemaWithJSON>;
  /** Where in its answers addresses of files stand. */
  readonly files: readonly (readonly string[])[];
  /** All four hints always: some clients take an absent one for false, others for true. The title too, which Claude Code reads here. */
  readonly annotations: ReturnType<typeof hintsOf> & { readonly title: string };
}

/** Every tool there is, in the order of the menu. */
export interface Toolbox {
  readonly tools: readonly Tool[];
  /** The tool of that name in either spelling, whoever asks. */
  find(name: string): Tool | undefined;
  /** Spells every tool name inside a text. */
  spell(text: string, spelling: Spelling): string;
  /** What this actor may call now and wants to see. Permission only: a toolset hides, it does not forbid. */
  visible(actor: Actor, menu: Menu, now: Temporal.Instant): readonly Tool[];
}

/** Makes the toolbox of those operations that are open on MCP. Throws when two of them have one name on the wire. */
export const makeToolbox = (operations: readonly Operation[]): Toolbox => {
  const open = operations.filter(({ doors }) => doors.has('mcp'));
  const spell = speller(open);
  const toolsetOf = ({ name }: Operation) =>
    catalogue.find((section) => section.operations.some((each) => each.name === name))?.toolset;
  // All at once, at the first list: what one tool says depends on what others have said.
  let made: readonly WireSchemas[] | undefined;
  const schemas = () =>
    (made ??= sayOnce(open.map((operation) => ({ operation, toolset: toolsetOf(operation) }))));
  const spelled = (json: () => JsonSchema): Record<Spelling, StandardSchemaWithJSON> => ({
    wire: sayOnly(() => JSON.parse(spell(JSON.stringify(json()), 'wire')) as JsonSchema),
    dotted: sayOnly(json),
  });
  const tools = open.map((operation, index): Tool => {
    const { title, summary, guidance, effect } = operation;
    const text = guidance === undefined ? summary : `${summary} ${guidance}`;
    return {
      operation,
      toolset: toolsetOf(operation),
      description: { wire: spell(text, 'wire'), dotted: text },
      input: spelled(() => schemas()[index]!.input),
      output: spelled(() => schemas()[index]!.output),
      files: fileAddressesOf(operation.output),
      annotations: { title, ...hintsOf(effect) },
    };
  });
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    const { name } = tool.operation;
    for (const spelled of new Set([name, toolName(name, 'wire')])) {
      if (byName.has(spelled)) throw new Error(`two tools are called ${spelled}`);
      byName.set(spelled, tool);
    }
  }
  return {
    tools,
    find: (name) => byName.get(name),
    spell,
    visible: (actor, { toolsets }, now) =>
      tools.filter(
        ({ toolset, operation }) =>
          (toolsets === null || (toolset !== undefined && toolsets.has(toolset))) &&
          hindrance(actor, operation, now) === null,
      ),
  };
};
