import { createTag } from '#features/tags/create-tag.ts';
import { deleteTag } from '#features/tags/delete-tag.ts';
import { listTags } from '#features/tags/list-tags.ts';
import { updateTag } from '#features/tags/update-tag.ts';
import type { Operation } from '#operation/operation.ts';

/** A part of the menu; its name is the toolset that `?toolsets=` chooses by. */
export interface Section {
  readonly toolset: 'core' | 'time' | 'catalog' | 'team' | 'connections';
  readonly title: string;
  readonly operations: readonly Operation[];
}

/** Everything that Stint can do, in the order of the menu. A new operation is one line here. */
export const catalogue: readonly Section[] = [
  { toolset: 'core', title: 'You and the workspace', operations: [] },
  { toolset: 'time', title: 'Tasks, time and timers', operations: [] },
  {
    toolset: 'catalog',
    title: 'Clients, projects and tags',
    operations: [listTags, createTag, updateTag, deleteTag],
  },
  { toolset: 'connections', title: 'Connected apps and API tokens', operations: [] },
];

export const operations: readonly Operation[] = catalogue.flatMap((section) => section.operations);
