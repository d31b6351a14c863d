import { Anchor, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import { formatTime } from '../../lib/format.ts';
import { useOneTimeToken } from '../../lib/one-time-token.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { invitationQuery } from './invitation-query.ts';
import { JoinForm } from './join-form.tsx';
import { JoinSignedIn } from './join-signed-in.tsx';

const ROLES: Readonly<Record<string, string>> = {
  member: 'as a member',
  reviewer: 'as a reviewer',
  admin: 'as an administrator',
  super_admin: 'as an administrator',
};

/** Where the link of an invitation leads. */
export function InvitationPage() {
  const token = useOneTimeToken();
  const invitation = useQuery(invitationQuery(token));
  if (invitation.isPending) {
    return (
      <GatePage title="Your invitation" lead="The link is being checked.">
        <Stack aria-busy="true">
          <Skeleton height={58} />
          <Skeleton height={58} />
        </Stack>
      </GatePage>
    );
  }
  if (invitation.error)
    return <DeadLink error={invitation.error} onRetry={() => void invitation.refetch()} />;
  const { tenant, role, hasAccount, email, expiresAt } = invitation.data;
  const place = tenant === null ? 'run this appliance' : `join ${tenant}`;
  return (
    <GatePage
      title="Your invitation"
      lead={`You are invited to ${place} ${ROLES[role] ?? ''}. The link works once, until ${formatTime(expiresAt)}.`}
    >
      {hasAccount ? (
        <JoinSignedIn token={token} email={email} />
      ) : (
        <JoinForm token={token} email={email} />
      )}
    </GatePage>
  );
}

function DeadLink({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { status } = toProblem(error);
  if (status !== 404 && status !== 400) {
    return (
      <GatePage title="Your invitation" lead="The link could not be checked." bare>
        <ProblemPanel
          title="Casemate did not answer as it should"
          error={error}
          onRetry={onRetry}
        />
      </GatePage>
    );
  }
  return (
    <GatePage
      title="This invitation does not work any more"
      lead="It works once and for some days, and whoever sent it can withdraw it."
    >
      <p>
        If you have accepted it already,{' '}
        <Anchor component={Link} to="/sign-in" underline="always">
          sign in
        </Anchor>
        . If not, ask whoever invited you to send it once more.
      </p>
    </GatePage>
  );
}
