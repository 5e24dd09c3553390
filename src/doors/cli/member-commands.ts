import { Argument, type Command } from 'commander';
import { operator } from '#identity/author.ts';
import { listMembers } from '#identity/directory.ts';
import { addMember, deactivateMember, reactivateMember, removeMember } from '#identity/members.ts';
import { changeRole } from '#identity/operator-changes.ts';
import { type Role, roles } from '#operation/actor.ts';
import { withArticle } from '#values/with-article.ts';
import { type Desk, needsWorkspace } from './desk.ts';
import { plain, table } from './outcome.ts';

/** `stint member … --workspace SLUG` */
export const addMemberCommands = (program: Command, desk: Desk): void => {
  const member = program.command('member').description('who belongs to a workspace');

  needsWorkspace(member.command('list').description('everybody, the owner first')).action(
    async ({ workspace }: { workspace: string }) => {
      const members = await listMembers(desk.house(), workspace);
      desk.answer(members, table(members));
    },
  );

  needsWorkspace(
    member
      .command('add <email>')
      .description(
        'make somebody with an account a member; addresses are not verified, so make sure that the account is theirs',
      ),
  )
    .addOption(
      member
        .createOption('--role <role>')
        .choices(roles.filter((role) => role !== 'owner'))
        .default('member'),
    )
    .action(
      async (email: string, { workspace, role }: { workspace: string; role: Exclude<Role, 'owner'> }) => {
        const made = await addMember(desk.house(), workspace, email, role, operator);
        const { membershipId: id, name } = made;
        const day = made.accountMadeAt.toString().slice(0, 10);
        desk.answer(
          { id, email, role, name, account_created_at: made.accountMadeAt.toString() },
          `${plain(email)} is ${withArticle(role)} of ${workspace}.\nThe account is called "${plain(name)}" and was made on ${day}; Stint does not verify addresses, so make sure it is the person. If not: stint member remove.\n`,
        );
      },
    );

  needsWorkspace(
    member
      .command('role <email>')
      .description('change a role; a new owner takes the place of the old one, who becomes admin')
      .addArgument(new Argument('<role>').choices(roles)),
  ).action(async (email: string, role: Role, { workspace }: { workspace: string }) => {
    await changeRole(desk.house(), workspace, email, role, operator);
    desk.answer({ email, role }, `${plain(email)} is ${role} of ${workspace}.\n`);
  });

  for (const [verb, change, words, done] of [
    ['deactivate', deactivateMember, 'stop a member’s access on the next request', 'inactive in'],
    ['reactivate', reactivateMember, 'give a deactivated member access again', 'active in'],
    ['remove', removeMember, 'take a member out for good; what they did stays', 'no longer a member of'],
  ] as const) {
    needsWorkspace(member.command(`${verb} <email>`).description(words)).action(
      async (email: string, { workspace }: { workspace: string }) => {
        await change(desk.house(), workspace, email, operator);
        desk.answer({ email, workspace, done: verb }, `${plain(email)} is ${done} ${workspace}.\n`);
      },
    );
  }
};
