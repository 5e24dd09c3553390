import { expect, test } from 'vitest';
import { embeddedMoney, moneyRounds, serverMoney } from '#testing/money-rounds.ts';

const stores = [
  ['the embedded store', embeddedMoney],
  ['PostgreSQL', serverMoney],
] as const;

// A minute of it by hand: npm run bench:money -- 60.
test.for(stores)(
  'on %s, while twenty clients bill, pay, void and credit and the program is killed: time is billed once, numbers have no gap, every sum is that of its rows, nothing acknowledged is lost',
  async ([, open], { skip }) => {
    const store = open();
    if (store === null) return skip('no PostgreSQL on this machine');
    const rounds = await moneyRounds(store, 20, [
      { answers: 60, milliseconds: 5 },
      { answers: 30, milliseconds: 0 },
    ]);
    expect(rounds.flatMap(({ faults }) => faults)).toEqual([]);
    const done = rounds.flatMap(({ calls }) => calls).filter(({ outcome }) => outcome === 'done');
    expect(done.length).toBeGreaterThan(20);
    expect(rounds.reduce((sum, { repeated }) => sum + repeated, 0)).toBeGreaterThan(0);
  },
);
