import { randomUUID } from 'node:crypto';
import type { House } from '#operation/run.ts';
import { modernMeta } from './modern-meta.ts';
import { type Person, type TestWorkspace, tokenFor } from './people.ts';

/** One call of a tool as a client remembers it. */
export interface Written {
  readonly token: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>> & { readonly idempotency_key: string };
  /** done: the answer came. refused: we said no, with a code. unanswered: the connection broke, or the answer was no answer of a tool. */
  outcome: 'done' | 'refused' | 'unanswered';
  answer: Record<string, unknown> | null;
  /** The code of a refusal, or the HTTP status, where there was one. */
  code: string | number | null;
}

/** Calls a tool, and gives what became of it; never throws. */
export const callTool = async (
  url: string,
  { token, tool, input }: { token: string; tool: string; input: Readonly<Record<string, unknown>> },
): Promise<Pick<Written, 'outcome' | 'answer' | 'code'>> => {
  try {
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'MCP-Protocol-Version': '2026-07-28',
        'Mcp-Method': 'tools/call',
        'Mcp-Name': tool,
        Authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: tool, arguments: input, _meta: modernMeta },
      }),
    });
    const body = (await response.json()) as {
      result?: {
        isError?: boolean;
        structuredContent?: Record<string, unknown>;
        content: { text: string }[];
      };
    };
    const { result } = body;
    if (result === undefined) return { outcome: 'unanswered', answer: null, code: response.status };
    if (result.isError !== true)
      return { outcome: 'done', answer: result.structuredContent ?? null, code: null };
    const { error } = JSON.parse(result.content[0]!.text) as { error: { code: string } };
    return { outcome: 'refused', answer: null, code: error.code };
  } catch {
    return { outcome: 'unanswered', answer: null, code: null };
  }
};

/** Sends one call that is remembered, and gives what became of it; never throws. */
export const sendCall = async (
  url: string,
  { token, tool, input }: Pick<Written, 'token' | 'tool' | 'input'>,
): Promise<Written> => ({ token, tool, input, ...(await callTool(url, { token, tool, input })) });

/** Somebody who writes, with as many tokens as the rate limit of each calls for. */
export interface Writer {
  readonly tokens: readonly string[];
}

/** Two writers for Mara and for Noor, who then compete for one timer each, and one for Ada and for Teo. */
export const makeWriters = async (house: House, team: TestWorkspace, tokensEach = 8): Promise<Writer[]> => {
  const people: Person[] = [team.mara, team.mara, team.ada, team.noor, team.noor, team.teo];
  const writers: Writer[] = [];
  for (const person of people) {
    const tokens: string[] = [];
    while (tokens.length < tokensEach) tokens.push(await tokenFor(house, person));
    writers.push({ tokens });
  }
  return writers;
};

const wordsOf = (n: number): [string, Record<string, unknown>] => {
  const hour = String(n % 24).padStart(2, '0');
  const turns: [string, Record<string, unknown>][] = [
    [
      'time_entries_create',
      { date: '2026-10-05', duration_seconds: 60 + (n % 600), description: `work ${n}` },
    ],
    ['timers_start', { description: `timer ${n}` }],
    ['tasks_create', { summary: `task ${n}`, tags: ['load'] }],
    [
      'time_entries_create',
      {
        started_at: `2026-09-01T${hour}:10:00`,
        ended_at: `2026-09-01T${hour}:40:00`,
        tags: ['load', 'kill'],
      },
    ],
    ['timers_stop', {}],
    ['tags_create', { name: `tag ${randomUUID()}` }],
    ['tasks_create', { summary: `task with timer ${n}`, start_timer: true }],
  ];
  return turns[n % turns.length]!;
};

/** Writers at work, one call after the other each, until they are told to stop or (with `once`) get no answer. */
export interface Load {
  readonly calls: Written[];
  /** How many calls were done so far. */
  readonly done: () => number;
  /** Resolves once so many calls were done, or nobody is left to ask. */
  answered(calls: number): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when every writer has stopped by itself. */
  readonly over: Promise<unknown>;
}

/** Lets the writers write. `whenUnanswered` says whether a writer without an answer goes on (a little later) or goes home. */
export const startLoad = (
  url: string,
  writers: readonly Writer[],
  whenUnanswered: 'go home' | 'go on' = 'go home',
): Load => {
  const calls: Written[] = [];
  let stopped = false;
  let answered = 0;
  let working = true;
  const write = async ({ tokens }: Writer, start: number) => {
    for (let n = start; !stopped; n += 1) {
      const [tool, input] = wordsOf(n);
      const token = tokens[n % tokens.length]!;
      const call = await sendCall(url, {
        token,
        tool,
        input: { ...input, idempotency_key: `key-${randomUUID()}` },
      });
      calls.push(call);
      if (call.outcome === 'done') answered += 1;
      if (call.outcome === 'unanswered') {
        if (whenUnanswered === 'go home') return;
        await new Promise((later) => setTimeout(later, 20));
      }
    }
  };
  const over = Promise.all(writers.map((writer, index) => write(writer, index * 1009))).finally(
    () => (working = false),
  );
  return {
    calls,
    done: () => answered,
    answered: async (count) => {
      while (working && answered < count) await new Promise((later) => setTimeout(later, 1));
    },
    stop: async () => {
      stopped = true;
      await over;
    },
    over,
  };
};
