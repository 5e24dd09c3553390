import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { lockRow } from '#database/lock-row.ts';
import { currencyMismatch } from '#features/clients/client.ts';
import { taxArchived } from '#features/tax-rates/tax-rate.ts';
import { type Call, checkVersion, expectedVersion } from '#operation/call.ts';
import { operation } from '#operation/operation.ts';
import { zoneOf } from '#values/local-time.ts';
import { replaceLogo } from './logo.ts';
import { readSettings, storedSettings, type StoredSettings, withDefaults } from './settings.ts';
import { type SettingsGiven, settingsInput } from './settings-input.ts';
import { refuseWrongSettings } from './settings-rules.ts';
import { settingChange, settingChanges } from './settings-view.ts';

/** What is kept after a change: what is left out stays, null goes back to the default. */
const merged = <Kept extends object>(kept: Kept | undefined, given: object): Kept =>
  Object.fromEntries(
    Object.entries({ ...kept, ...Object.fromEntries(said(given)) }).filter(([, value]) => value !== null),
  ) as Kept;
const said = (given: object): [string, unknown][] =>
  Object.entries(given).filter(([, value]) => value !== undefined);

type Row = Awaited<ReturnType<typeof storedSettings>>;

/** The row of the workspace as it is to be. The bytes of a logo are kept on the way. */
const changedRow = async ({ tx }: Call, row: Row, given: SettingsGiven): Promise<Row> => {
  const { timezone, week_start, currency, lock_date, invoice, reminders, ...plain } = given;
  const { logo, ...ofInvoice } = invoice ?? {};
  const days = reminders?.days_after_due;
  const settings: StoredSettings = {
    ...merged(row.settings, plain),
    ...(invoice === undefined
      ? {}
      : {
          invoice: merged(row.settings.invoice, {
            ...ofInvoice,
            ...(logo === undefined
              ? {}
              : { logo: await replaceLogo(tx, row.settings.invoice?.logo ?? null, logo) }),
          }),
        }),
    ...(reminders === undefined
      ? {}
      : {
          reminders: merged(row.settings.reminders, {
            ...reminders,
            ...(days === undefined ? {} : { days_after_due: [...new Set(days)].sort((a, b) => a - b) }),
          }),
        }),
  };
  return {
    ...row,
    settings,
    timezone: timezone === undefined ? row.timezone : (zoneOf(timezone) ?? timezone),
    week_start: week_start ?? row.week_start,
    currency: currency ?? row.currency,
    lock_date:
      lock_date === undefined
        ? row.lock_date
        : lock_date === null
          ? null
          : Temporal.PlainDate.from(lock_date),
  };
};

/** Writes what is to be, unless it is so already: nobody's version is spoiled by nothing. */
const save = async ({ tx, actor }: Call, row: Row, next: Row): Promise<void> => {
  const columns = ({ settings, timezone, week_start, currency, lock_date }: Row) => ({
    settings: JSON.stringify(settings),
    timezone,
    week_start,
    currency,
    lock_date: lock_date?.toString() ?? null,
  });
  const wanted = columns(next);
  if (isDeepStrictEqual(columns(row), wanted)) return;
  await tx
    .updateTable('workspaces')
    .set({ ...wanted, lock_date: next.lock_date })
    .where('id', '=', actor.workspace.id)
    .execute();
};

export const updateSettings = operation({
  name: 'settings.update',
  title: 'Change the settings',
  summary: 'Change settings of the workspace. What is left out stays.',
  guidance: 'Show the user a dry_run first.',
  effect: 'update',
  dryRun: true,
  needs: { coarse: 'stint:admin', role: 'admin' },
  input: z.object({ ...settingsInput, expected_version: expectedVersion }),
  output: z.object({
    changes: z.array(settingChange).describe('What changed.'),
    version: z.number().int().describe('Give it as expected_version.'),
  }),
  refusals: [currencyMismatch, taxArchived],
  async handle({ expected_version, ...given }, call) {
    const { tx, actor, changed } = call;
    await lockRow(tx, 'workspaces', actor.workspace.id);
    const row = await storedSettings(tx);
    checkVersion(expected_version, row);
    const next = await changedRow(call, row, given);
    const before = withDefaults(row);
    await refuseWrongSettings(call, before, withDefaults(next));
    await save(call, row, next);
    const after = await readSettings(tx);
    const changes = settingChanges(before, after);
    const sides = (side: 'before' | 'after') =>
      Object.fromEntries(changes.map((change) => [change.setting, change[side]]));
    changed({ id: actor.workspace.id, before: sides('before'), after: sides('after') });
    return { changes, version: after.version };
  },
});
