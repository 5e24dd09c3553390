import { createApiToken } from '#features/api-tokens/create-api-token.ts';
import { listApiTokens } from '#features/api-tokens/list-api-tokens.ts';
import { revokeApiToken } from '#features/api-tokens/revoke-api-token.ts';
import { listConnections } from '#features/connections/list-connections.ts';
import { listMemberConnections } from '#features/connections/list-member-connections.ts';
import { revokeAllConnections } from '#features/connections/revoke-all-connections.ts';
import { revokeConnection } from '#features/connections/revoke-connection.ts';
import { updateConnection } from '#features/connections/update-connection.ts';
import { readDocs } from '#features/docs/read-docs.ts';
import { getProfile } from '#features/profile/get-profile.ts';
import { createTag } from '#features/tags/create-tag.ts';
import { deleteTag } from '#features/tags/delete-tag.ts';
import { listTags } from '#features/tags/list-tags.ts';
import { updateTag } from '#features/tags/update-tag.ts';
import { getWorkspace } from '#features/workspace/get-workspace.ts';
import { workspaceCapabilities } from '#features/workspace/workspace-capabilities.ts';
import type { Operation } from '#operation/operation.ts';

/** A part of the menu; its name is the toolset that `?toolsets=` chooses by. */
export interface Section {
  readonly toolset: 'core' | 'time' | 'catalog' | 'team' | 'connections';
  readonly title: string;
  readonly operations: readonly Operation[];
}

/** Everything that Stint can do, in the order of the menu. A new operation is one line here. */
export const catalogue: readonly Section[] = [
  {
    toolset: 'core',
    title: 'You and the workspace',
    operations: [getProfile, getWorkspace, workspaceCapabilities, readDocs],
  },
  { toolset: 'time', title: 'Tasks, time and timers', operations: [] },
  {
    toolset: 'catalog',
    title: 'Clients, projects and tags',
    operations: [listTags, createTag, updateTag, deleteTag],
  },
  {
    toolset: 'connections',
    title: 'Connected apps and API tokens',
    operations: [
      listConnections,
      listMemberConnections,
      updateConnection,
      revokeConnection,
      revokeAllConnections,
      listApiTokens,
      createApiToken,
      revokeApiToken,
    ],
  },
];

export const operations: readonly Operation[] = catalogue.flatMap((section) => section.operations);
