import { Button, Modal, Title } from '@mantine/core';
import { IconUserPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { OpenInvitation, TeamMember } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { HandedLink } from '../../ui/handed-link.tsx';
import { InvitationRows } from '../../ui/invitation-rows.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { AccessDialog } from './access-dialog.tsx';
import { FactorRule } from './factor-rule.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { MemberList } from './member-list.tsx';
import type { MemberVerb } from './member-rows.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { roleLabel } from './roles.ts';
import classes from './team-page.module.css';
import { teamQuery } from './team-query.ts';
import { useChangeTeam } from './use-change-team.ts';

/** Who belongs to the tenant, as what, and who is invited. */
export function TeamPage() {
  const { tenantId = '' } = useParams();
  const team = useQuery(teamQuery(tenantId));
  const change = useChangeTeam(tenantId);
  const [inviting, setInviting] = useState(false);
  const [accessOf, setAccessOf] = useState<TeamMember | null>(null);
  const [removing, setRemoving] = useState<TeamMember | null>(null);
  const [resent, setResent] = useState<OpenInvitation | null>(null);
  const { members = [], invitations = [] } = team.data ?? {};
  const button = (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
      Invite somebody
    </Button>
  );
  const choose = (member: TeamMember, verb: MemberVerb): void => {
    if (verb.verb === 'remove') setRemoving(member);
    else if (verb.verb === 'access') setAccessOf(member);
    else
      change.mutate(
        { ...verb, accountId: member.accountId },
        { onSuccess: () => announce(`${member.name} is ${roleLabel(verb.role)} now`) },
      );
  };
  const chooseInvitation = (invitation: OpenInvitation, verb: 'resend' | 'withdraw'): void => {
    setResent(verb === 'resend' ? invitation : null);
    const words = verb === 'resend' ? 'The invitation is sent once more' : 'It is withdrawn';
    change.mutate({ verb, invitationId: invitation.id }, { onSuccess: () => announce(words) });
  };
  const link = resent && change.data?.link;
  return (
    <Page title="Team" lead="Who belongs to this tenant, and as what." actions={button}>
      {team.isPending && <RowsSkeleton label="The team is loading" />}
      {team.error && (
        <ProblemPanel
          title="The team could not be listed"
          error={team.error}
          onRetry={() => void team.refetch()}
        />
      )}
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      <MemberList members={members} onChoose={choose} />
      {team.data && (
        <Title order={2} className={classes.heading ?? ''}>
          Open invitations
        </Title>
      )}
      {team.data && invitations.length === 0 && (
        <EmptyState
          icon={<IconUsers size={26} />}
          title="Nobody is invited"
          text="Whoever you invite sets a name and a password, and nobody else knows it."
        />
      )}
      {invitations.length > 0 && (
        <InvitationRows
          invitations={invitations}
          nameOf={({ role }) => roleLabel(role)}
          onChoose={chooseInvitation}
        />
      )}
      {team.data && <FactorRule tenantId={tenantId} members={members} />}
      {inviting && <InviteDialog tenantId={tenantId} onClose={() => setInviting(false)} />}
      {accessOf && (
        <AccessDialog tenantId={tenantId} member={accessOf} onClose={() => setAccessOf(null)} />
      )}
      {removing && (
        <RemoveDialog tenantId={tenantId} member={removing} onClose={() => setRemoving(null)} />
      )}
      <Modal
        opened={Boolean(link)}
        onClose={() => setResent(null)}
        title="Hand over the link"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {resent && link && (
          <HandedLink link={link} email={resent.email} onDone={() => setResent(null)} />
        )}
      </Modal>
    </Page>
  );
}
