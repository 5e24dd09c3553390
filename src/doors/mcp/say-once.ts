import { roleCovers, roles } from '#operation/actor.ts';
import { requiredScopes } from '#operation/obstacle.ts';
import type { Operation } from '#operation/operation.ts';
import { inside, type JsonSchema, propertiesOf, toolJsonSchema } from './tool-schema.ts';

/** An operation, and the toolset it is listed in. */
export interface Listed {
  readonly operation: Operation;
  readonly toolset: string | undefined;
}

/** What a list says of a tool's arguments and its answer. */
export interface WireSchemas {
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

/** Whether every list that has `later` has `earlier` too: whatever the toolsets, permissions, role, plan and billing. */
export const isBeside = (earlier: Listed, later: Listed): boolean => {
  const [one, two] = [earlier.operation, later.operation];
  const scopes = new Set(requiredScopes(two));
  return (
    earlier.toolset === later.toolset &&
    requiredScopes(one).every((scope) => scopes.has(scope)) &&
    one.needs.anyScope === undefined &&
    (one.needs.coarse === undefined || one.needs.coarse === two.needs.coarse) &&
    roleCovers(two.needs.role, one.needs.role) &&
    (one.needs.entitlement === undefined || one.needs.entitlement === two.needs.entitlement) &&
    (one.effect === 'read' || (two.effect !== 'read' && two.needs.evenReadOnly !== true))
  );
};

/** A record that is at least so long is worth a pointer; a shorter one, like an id with a name, is known again without. Characters of its JSON. */
const worthPointing = 150;

/**
 * The schemas of all tools as lists have them. A list is read as a whole, so a thing is said once in it: what an argument of one name
 * means, in one tool that has it; a record's shape, in one tool that answers with it, which the others name. Only where whoever sees
 * the others sees that one; `docs.read` and the HTTP reference say everything everywhere.
 */
export const sayOnce = (tools: readonly Listed[]): WireSchemas[] => {
  const saidBy = new Map<string, Listed[]>();
  /** The tool that said it already to everybody who sees this one; else this one says it. */
  const said = (what: string, tool: Listed): Listed | undefined => {
    const sayers = saidBy.get(what) ?? [];
    const sayer = sayers.find((each) => each === tool || isBeside(each, tool));
    if (sayer === undefined) saidBy.set(what, [...sayers, tool]);
    return sayer;
  };

  const dropWords = (schema: JsonSchema, tool: Listed): void => {
    for (const [name, property] of Object.entries(propertiesOf(schema))) {
      const { description } = property;
      if (description === undefined) continue;
      const sayer = said(`words ${name} ${JSON.stringify(description)}`, tool);
      if (sayer !== undefined) delete property['description'];
    }
    for (const inner of inside(schema)) dropWords(inner, tool);
  };

  const dropShapes = (schema: JsonSchema, tool: Listed): void => {
    for (const inner of inside(schema)) {
      const shape = JSON.stringify(inner['properties'] ?? {});
      const long = shape.length >= worthPointing;
      const sayer = shape === '{}' ? undefined : said(`shape ${shape}`, tool);
      // A long one that stands twice in one answer is looked for there; a short one may be repeated.
      if (sayer === undefined || (sayer === tool && !long)) dropShapes(inner, tool);
      else {
        delete inner['properties'];
        if (sayer !== tool && long) inner['description'] = `As in ${sayer.operation.name}.`;
      }
    }
  };

  // Who may less is asked first: what everybody sees is where a thing is said, wherever it stands in the list.
  const breadth = ({ operation }: Listed) =>
    roles.indexOf(operation.needs.role) * 10 + requiredScopes(operation).length;
  const schemas = new Map<Listed, WireSchemas>();
  for (const tool of tools.toSorted((one, two) => breadth(one) - breadth(two))) {
    const input = toolJsonSchema(tool.operation.input, 'input');
    const output = toolJsonSchema(tool.operation.output, 'output');
    dropWords(input, tool);
    dropShapes(output, tool);
    schemas.set(tool, { input, output });
  }
  return tools.map((tool) => schemas.get(tool)!);
};
