import { z } from 'zod';
import { operation } from '#operation/operation.ts';
import { timerOwner, timersOf, timerView, viewTimer, whoseTimer } from './timer.ts';

export const currentTimer = operation({
  name: 'timers.current',
  title: 'Show the current timer',
  summary: 'Show the timer that runs, else the one paused last, and other paused ones.',
  effect: 'read',
  needs: { scope: 'time:read', role: 'member' },
  input: z.object({ member_id: whoseTimer }),
  output: z.object({
    timer: timerView.nullable().describe('Null where there is none.'),
    paused: z.array(timerView).describe('Other timers that are paused.'),
  }),
  async handle({ member_id }, call) {
    const [first, ...paused] = await timersOf(call, timerOwner(call, member_id));
    return {
      timer: first === undefined ? null : viewTimer(first, call),
      paused: paused.map((row) => viewTimer(row, call)),
    };
  },
});
