// Kills Stint as often as asked (npm run bench:kill -- 200) while clients write through MCP, and looks for what was lost.
import { randomInt } from 'node:crypto';
import { killRounds } from '#testing/kill-rounds.ts';

const wanted = Number(process.argv[2] ?? 30);
const rounds = await killRounds(
  wanted,
  () => ({ answers: randomInt(0, 120), milliseconds: randomInt(0, 60) }),
  ({ acknowledged, underWay, doneAllTheSame, repeated, faults }, number) => {
    console.log(
      `${number}: ${acknowledged} acknowledged, ${underWay} under way (${doneAllTheSame} done), ${repeated} repeated; ${faults.length} faults`,
    );
    for (const fault of faults.slice(0, 3)) console.log(`   ${fault.slice(0, 500)}`);
  },
);
const sum = (of: 'acknowledged' | 'underWay' | 'doneAllTheSame' | 'repeated') =>
  rounds.reduce((total, round) => total + round[of], 0);
const faults = rounds.flatMap((round) => round.faults);
console.log(
  `${rounds.length} kills, ${sum('acknowledged')} acknowledged writes, ${sum('underWay')} calls under way of which ${sum('doneAllTheSame')} were done whole, ${sum('repeated')} repeated with their key: ${faults.length} faults.`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
