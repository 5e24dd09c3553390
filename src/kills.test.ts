import { expect, test } from 'vitest';
import { killRounds } from '#testing/kill-rounds.ts';

test('killed while clients write, it keeps every answer it gave, leaves nothing half done, and a repeated call has no second effect', async () => {
  const moments = [
    { answers: 0, milliseconds: 60 },
    { answers: 9, milliseconds: 3 },
    { answers: 20, milliseconds: 0 },
  ];
  const rounds = await killRounds(moments.length, (round) => moments[round - 1]!);
  expect(rounds.flatMap(({ faults }) => faults)).toEqual([]);
  expect(rounds.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(28);
  expect(rounds.reduce((sum, { repeated }) => sum + repeated, 0)).toBeGreaterThan(15);
});
