import { describe, expect, test } from 'vitest';
import { openBearerProxy } from '#testing/conformance/bearer-proxy.ts';
import { fixtureOffer } from '#testing/conformance/fixture-offer.ts';
import { conformanceOf, type Verdict } from '#testing/conformance/run-conformance.ts';
import { serveMcp } from '#testing/mcp-house.ts';
import { makeWorkspace, tokenFor } from '#testing/people.ts';
import type { Offer } from './offer.ts';

const limits = { requests: 1e9, reads: 1e9, writes: 1e9, strangers: 1e9 };

/** Opens the door, with what Stint offers unless told otherwise, and lets the suite at it, past the sign-in. */
const judge = async (revision: string, offer?: Offer): Promise<Verdict> => {
  const mcp = await serveMcp({}, limits, offer);
  const { mara } = await makeWorkspace(mcp.house);
  const proxy = await openBearerProxy(mcp.url, await tokenFor(mcp.house, mara));
  try {
    return await conformanceOf(`${proxy.url}/mcp`, revision);
  } finally {
    await proxy.close();
    await mcp.close();
  }
};
const scenariosOf = (complaints: readonly string[]): string[] => [
  ...new Set(complaints.map((complaint) => complaint.slice(0, complaint.indexOf(':')))),
];

// The suite itself waits half a second and no longer for the first words of some streams: a machine with much to do gets a second chance.
const patience = { timeout: 120_000, retry: 2 };

describe(
  'the way through this door, with what the conformance suite wants to find behind it',
  patience,
  () => {
    test('keeps all of 2026-07-28', async () => {
      const { score, complaints, beside } = await judge('2026-07-28', fixtureOffer);
      expect(complaints).toEqual([]);
      expect(score).toBe('37/37');
      // The extension for tasks is not offered. Headers, x-mcp-header and JSON Schema 2020-12, which do not count yet, hold too.
      expect(scenariosOf(beside).filter((scenario) => !scenario.startsWith('tasks-'))).toEqual([]);
    });

    test('keeps all of 2025-11-25 that needs no session', async () => {
      const { score, complaints } = await judge('2025-11-25', fixtureOffer);
      // Why these stay: docs/decisions/0009-no-sessions-for-older-clients.md
      expect(complaints.filter((complaint) => complaint.includes(': FAILURE '))).toEqual([
        'elicitation-sep1034-defaults: FAILURE elicitation-sep1034-general: Server did not request elicitation from client',
        'elicitation-sep1330-enums: FAILURE elicitation-sep1330-general: Server did not request elicitation from client',
        'tools-call-elicitation: FAILURE tools-call-elicitation: Server did not request elicitation from client',
        'tools-call-sampling: FAILURE tools-call-sampling: Server did not request sampling from client',
      ]);
      expect(scenariosOf(complaints.filter((complaint) => complaint.includes(': WARNING ')))).toEqual([
        'server-sse-multiple-streams',
      ]);
      expect(score).toBe('26/30');
    });
  },
);

describe('what Stint offers keeps every scenario that needs nothing of the suite’s own', patience, () => {
  test('of 2026-07-28', async () => {
    const { passed, complaints, beside } = await judge('2026-07-28');
    expect(passed).toEqual([
      'caching',
      'dns-rebinding-protection',
      'input-required-result-ignore-extra-params',
      'input-required-result-missing-input-response',
      'input-required-result-unsupported-methods',
      'input-required-result-validate-input',
      'prompts-list',
      'resources-list',
      'sep-2164-resource-not-found',
      'server-sse-multiple-streams',
      'tools-list',
    ]);
    expect(scenariosOf(beside)).not.toContain('http-header-validation');
    // The rules for requests without a handshake: 24 of 28 checks, and the rest want tools of the suite.
    const stateless = complaints.filter((complaint) => complaint.startsWith('server-stateless:'));
    expect(stateless).toHaveLength(4);
    for (const complaint of stateless) expect(complaint).toMatch(/does not list the diagnostic tool/);
  });

  test('of 2025-11-25', async () => {
    const { passed } = await judge('2025-11-25');
    expect(passed).toEqual([
      'dns-rebinding-protection',
      'ping',
      'prompts-list',
      'resources-list',
      'server-initialize',
      'server-sse-multiple-streams',
      'tools-list',
    ]);
  });
});
