import { z } from 'zod';
import { projectId } from '#features/projects/project.ts';
import { rateInput } from '#features/rates/rate.ts';
import { tagsInput } from '#features/tags/tag.ts';
import { taskId } from '#features/tasks/task.ts';
import { workInput } from './entry-work.ts';

/** What an edit may change of the work; null clears. */
export const changedWorkInput = {
  task_id: taskId.nullable().optional().describe('Another task; null takes it off.'),
  project_id: projectId.nullable().optional().describe('Another project; null takes it off.'),
  summary: workInput.summary,
  description: z.string().max(2000).nullable().optional().describe('What was done; null clears.'),
  tags: tagsInput.optional().describe('All its tags, by id or name; [] clears.'),
  billable: z.boolean().optional().describe('Can be invoiced.'),
  rate: rateInput.nullable().optional().describe('Per hour, like "85.00"; null takes it off.'),
  re_rate: z.boolean().optional().describe('true: take the rate that applies now.'),
};
