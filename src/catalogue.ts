import { createApiToken } from '#features/api-tokens/create-api-token.ts';
import { listApiTokens } from '#features/api-tokens/list-api-tokens.ts';
import { revokeApiToken } from '#features/api-tokens/revoke-api-token.ts';
import { billingSummary } from '#features/billing-hub/billing-summary.ts';
import { invoiceSelection } from '#features/billing-hub/invoice-selection.ts';
import { creditBalance } from '#features/clients/credit-balance.ts';
import { createClient } from '#features/clients/create-client.ts';
import { deleteClient } from '#features/clients/delete-client.ts';
import { getClient } from '#features/clients/get-client.ts';
import { listClients } from '#features/clients/list-clients.ts';
import { restoreClient } from '#features/clients/restore-client.ts';
import { updateClient } from '#features/clients/update-client.ts';
import { listConnections } from '#features/connections/list-connections.ts';
import { listMemberConnections } from '#features/connections/list-member-connections.ts';
import { revokeAllConnections } from '#features/connections/revoke-all-connections.ts';
import { revokeConnection } from '#features/connections/revoke-connection.ts';
import { updateConnection } from '#features/connections/update-connection.ts';
import { readDocs } from '#features/docs/read-docs.ts';
import { createInvoiceAdjustment } from '#features/invoice-adjustments/create-invoice-adjustment.ts';
import { deleteInvoiceAdjustment } from '#features/invoice-adjustments/delete-invoice-adjustment.ts';
import { listInvoiceAdjustments } from '#features/invoice-adjustments/list-invoice-adjustments.ts';
import { deleteInvoicePayment } from '#features/invoice-payments/delete-invoice-payment.ts';
import { listInvoicePayments } from '#features/invoice-payments/list-invoice-payments.ts';
import { recordInvoicePayment } from '#features/invoice-payments/record-invoice-payment.ts';
import { createInvoiceArtifact } from '#features/invoice-artifacts/create-invoice-artifact.ts';
import { deleteInvoiceArtifact } from '#features/invoice-artifacts/delete-invoice-artifact.ts';
import { getInvoiceArtifact } from '#features/invoice-artifacts/get-invoice-artifact.ts';
import { listInvoiceArtifacts } from '#features/invoice-artifacts/list-invoice-artifacts.ts';
import { listInvoiceDispatches } from '#features/invoice-dispatches/list-invoice-dispatches.ts';
import { resendInvoiceDispatch } from '#features/invoice-dispatches/resend-invoice-dispatch.ts';
import { sendInvoicePaymentReceipt } from '#features/invoice-payment-receipts/send-invoice-payment-receipt.ts';
import { previewInvoice } from '#features/invoices/preview-invoice.ts';
import { remindInvoice } from '#features/invoices/remind-invoice.ts';
import { sendInvoice } from '#features/invoices/send-invoice.ts';
import { sendScheduledInvoice } from '#features/invoices/send-scheduled-invoice.ts';
import { createInvoice } from '#features/invoices/create-invoice.ts';
import { deleteInvoice } from '#features/invoices/delete-invoice.ts';
import { getInvoice } from '#features/invoices/get-invoice.ts';
import { listInvoices } from '#features/invoices/list-invoices.ts';
import { updateInvoice } from '#features/invoices/update-invoice.ts';
import { creditInvoice } from '#features/invoices/credit-invoice.ts';
import { duplicateInvoice } from '#features/invoices/duplicate-invoice.ts';
import { finalizeInvoice } from '#features/invoices/finalize-invoice.ts';
import { markInvoiceSent } from '#features/invoices/mark-invoice-sent.ts';
import { voidInvoice } from '#features/invoices/void-invoice.ts';
import { writeOffInvoice } from '#features/invoices/write-off-invoice.ts';
import { listOutbox } from '#features/outbox/list-outbox.ts';
import { getProfile } from '#features/profile/get-profile.ts';
import { createProject } from '#features/projects/create-project.ts';
import { deleteProject } from '#features/projects/delete-project.ts';
import { getProject } from '#features/projects/get-project.ts';
import { listProjects } from '#features/projects/list-projects.ts';
import { restoreProject } from '#features/projects/restore-project.ts';
import { updateProject } from '#features/projects/update-project.ts';
import { deleteRate } from '#features/rates/delete-rate.ts';
import { listRates } from '#features/rates/list-rates.ts';
import { resolveRate } from '#features/rates/resolve-rate.ts';
import { setRate } from '#features/rates/set-rate.ts';
import { runReport } from '#features/reports/run-report.ts';
import { createRule } from '#features/rules/create-rule.ts';
import { deleteRule } from '#features/rules/delete-rule.ts';
import { getRule } from '#features/rules/get-rule.ts';
import { listRules } from '#features/rules/list-rules.ts';
import { toggleRuleEnabled } from '#features/rules/toggle-rule-enabled.ts';
import { updateRule } from '#features/rules/update-rule.ts';
import { getSettings } from '#features/settings/get-settings.ts';
import { updateSettings } from '#features/settings/update-settings.ts';
import { createRecurringInvoice } from '#features/recurring-invoices/create-recurring-invoice.ts';
import { deleteRecurringInvoice } from '#features/recurring-invoices/delete-recurring-invoice.ts';
import { getRecurringInvoice } from '#features/recurring-invoices/get-recurring-invoice.ts';
import { listRecurringInvoices } from '#features/recurring-invoices/list-recurring-invoices.ts';
import { pauseRecurringInvoice } from '#features/recurring-invoices/pause-recurring-invoice.ts';
import { previewRecurringInvoice } from '#features/recurring-invoices/preview-recurring-invoice.ts';
import { resumeRecurringInvoice } from '#features/recurring-invoices/resume-recurring-invoice.ts';
import { runRecurringInvoice } from '#features/recurring-invoices/run-recurring-invoice.ts';
import { updateRecurringInvoice } from '#features/recurring-invoices/update-recurring-invoice.ts';
import { findAnything } from '#features/search/find-anything.ts';
import { createTag } from '#features/tags/create-tag.ts';
import { deleteTag } from '#features/tags/delete-tag.ts';
import { listTags } from '#features/tags/list-tags.ts';
import { updateTag } from '#features/tags/update-tag.ts';
import { archiveTaxRate } from '#features/tax-rates/archive-tax-rate.ts';
import { createTaxRate } from '#features/tax-rates/create-tax-rate.ts';
import { listTaxRates } from '#features/tax-rates/list-tax-rates.ts';
import { createTask } from '#features/tasks/create-task.ts';
import { deleteTask } from '#features/tasks/delete-task.ts';
import { getTask } from '#features/tasks/get-task.ts';
import { invoiceImportCandidates } from '#features/tasks/invoice-import-candidates.ts';
import { listNotes } from '#features/tasks/list-notes.ts';
import { listTasks } from '#features/tasks/list-tasks.ts';
import { reorderTasks } from '#features/tasks/reorder-tasks.ts';
import { restoreTask } from '#features/tasks/restore-task.ts';
import { updateTask } from '#features/tasks/update-task.ts';
import { bulkCreateTimeEntries } from '#features/time-entries/bulk-create-time-entries.ts';
import { bulkUpdateTimeEntries } from '#features/time-entries/bulk-update-time-entries.ts';
import { createTimeEntry } from '#features/time-entries/create-time-entry.ts';
import { deleteTimeEntry } from '#features/time-entries/delete-time-entry.ts';
import { getTimeEntry } from '#features/time-entries/get-time-entry.ts';
import { listTimeEntries } from '#features/time-entries/list-time-entries.ts';
import { restoreTimeEntry } from '#features/time-entries/restore-time-entry.ts';
import { splitTimeEntry } from '#features/time-entries/split-time-entry.ts';
import { updateTimeEntry } from '#features/time-entries/update-time-entry.ts';
import { currentTimer } from '#features/timers/current-timer.ts';
import { discardTimer } from '#features/timers/discard-timer.ts';
import { listTimers } from '#features/timers/list-timers.ts';
import { pauseTimer } from '#features/timers/pause-timer.ts';
import { resumeTimer } from '#features/timers/resume-timer.ts';
import { startTimer } from '#features/timers/start-timer.ts';
import { stopTimer } from '#features/timers/stop-timer.ts';
import { updateTimer } from '#features/timers/update-timer.ts';
import { getWorkspace } from '#features/workspace/get-workspace.ts';
import { workspaceCapabilities } from '#features/workspace/workspace-capabilities.ts';
import type { Operation } from '#operation/operation.ts';

/** A part of the menu; its name is the toolset that `?toolsets=` chooses by. */
export interface Section {
  readonly toolset: 'core' | 'time' | 'catalog' | 'invoicing' | 'reports' | 'admin' | 'connections';
  readonly title: string;
  readonly operations: readonly Operation[];
}

/** Everything that Stint can do, in the order of the menu. A new operation is one line here. */
export const catalogue: readonly Section[] = [
  {
    toolset: 'core',
    title: 'You and the workspace',
    operations: [getProfile, getWorkspace, workspaceCapabilities, findAnything, readDocs],
  },
  {
    toolset: 'time',
    title: 'Tasks, time and timers',
    operations: [
      listTasks,
      getTask,
      listNotes,
      createTask,
      updateTask,
      deleteTask,
      restoreTask,
      reorderTasks,
      invoiceImportCandidates,
      listTimeEntries,
      getTimeEntry,
      createTimeEntry,
      updateTimeEntry,
      deleteTimeEntry,
      restoreTimeEntry,
      bulkCreateTimeEntries,
      bulkUpdateTimeEntries,
      splitTimeEntry,
      currentTimer,
      listTimers,
      startTimer,
      pauseTimer,
      resumeTimer,
      updateTimer,
      stopTimer,
      discardTimer,
    ],
  },
  {
    toolset: 'catalog',
    title: 'Clients, projects and tags',
    operations: [
      listClients,
      getClient,
      createClient,
      updateClient,
      deleteClient,
      restoreClient,
      listProjects,
      getProject,
      createProject,
      updateProject,
      deleteProject,
      restoreProject,
      listTags,
      createTag,
      updateTag,
      deleteTag,
      listRules,
      getRule,
      createRule,
      updateRule,
      toggleRuleEnabled,
      deleteRule,
      listRates,
      resolveRate,
      setRate,
      deleteRate,
      listTaxRates,
      createTaxRate,
      archiveTaxRate,
    ],
  },
  {
    toolset: 'invoicing',
    title: 'Invoices',
    operations: [
      listInvoices,
      getInvoice,
      createInvoice,
      updateInvoice,
      deleteInvoice,
      previewInvoice,
      sendInvoice,
      sendScheduledInvoice,
      finalizeInvoice,
      markInvoiceSent,
      voidInvoice,
      writeOffInvoice,
      creditInvoice,
      duplicateInvoice,
      remindInvoice,
      listInvoiceDispatches,
      resendInvoiceDispatch,
      sendInvoicePaymentReceipt,
      listInvoiceArtifacts,
      getInvoiceArtifact,
      createInvoiceArtifact,
      deleteInvoiceArtifact,
      listInvoicePayments,
      recordInvoicePayment,
      deleteInvoicePayment,
      listInvoiceAdjustments,
      createInvoiceAdjustment,
      deleteInvoiceAdjustment,
      creditBalance,
      listRecurringInvoices,
      getRecurringInvoice,
      createRecurringInvoice,
      updateRecurringInvoice,
      pauseRecurringInvoice,
      resumeRecurringInvoice,
      previewRecurringInvoice,
      deleteRecurringInvoice,
      runRecurringInvoice,
    ],
  },
  {
    toolset: 'reports',
    title: 'Reports and what to bill',
    operations: [runReport, billingSummary, invoiceSelection],
  },
  {
    toolset: 'admin',
    title: 'Settings',
    operations: [getSettings, updateSettings, listOutbox],
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
