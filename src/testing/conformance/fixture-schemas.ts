import { fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';

/** Every keyword that the suite wants to find again in the list. */
const everyKeyword = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** An argument that is repeated in a header. */
const inHeader = {
  type: 'object' as const,
  properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
  required: ['region'],
};

/** The tools whose schemas are what the suite looks at. */
export const registerSchemaTools = (server: McpServer): void => {
  const answer = () => ({ content: [{ type: 'text' as const, text: 'Understood.' }] });
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Tool with JSON Schema 2020-12 features', inputSchema: fromJsonSchema(everyKeyword) },
    answer,
  );
  server.registerTool(
    'test_header_argument',
    { description: 'Has an argument that goes into a header too.', inputSchema: fromJsonSchema(inHeader) },
    answer,
  );
};
