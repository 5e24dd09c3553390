import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { readSettings } from './settings.ts';
import { settingsView, viewSettings } from './settings-view.ts';

export const getSettings = operation({
  name: 'settings.get',
  title: 'Read the settings',
  summary:
    'The workspace’s settings: time, rounding, invoices, numbers and reminders, with defaults filled in.',
  effect: 'read',
  needs: { coarse: 'stint:read', role: 'manager' },
  input: z.object({}),
  output: settingsView,
  handle: async (_, { tx }) => viewSettings(await readSettings(tx)),
});
