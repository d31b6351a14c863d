import { Anchor, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import { formatTime } from '../../lib/format.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { AccountForm } from './account-form.tsx';
import { setupLinkQuery } from './setup-link-query.ts';

/** Where a one-time link leads: it makes the first administrator, or an invited person's account. */
export function SetupPage() {
  const { token = '' } = useParams();
  const navigate = useNavigate();
  const link = useQuery(setupLinkQuery(token));

  if (link.isPending) {
    return (
      <GatePage title="Set up your account" lead="The link is being checked.">
        <Stack aria-busy="true">
          <Skeleton height={58} />
          <Skeleton height={58} />
          <Skeleton height={42} />
        </Stack>
      </GatePage>
    );
  }
  if (link.error) return <DeadLink error={link.error} onRetry={() => void link.refetch()} />;
  const first = link.data.kind === 'first_admin';
  return (
    <GatePage
      title={first ? 'Create the first administrator' : 'Set up your account'}
      lead={
        <>
          {first
            ? 'This account looks after the whole appliance: it makes tenants and sees how the parts are doing, but reads no tenant’s documents unless it joins it. '
            : 'You were invited to Casemate. '}
          The link works once, until {formatTime(link.data.expiresAt)}.
        </>
      }
    >
      <AccountForm
        token={token}
        email={link.data.email}
        onDone={() => void navigate('/', { replace: true })}
      />
    </GatePage>
  );
}

function DeadLink({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (toProblem(error).status !== 404) {
    return (
      <GatePage title="Set up your account" lead="The link could not be checked." bare>
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
      title="This link does not work any more"
      lead="A set-up link works once and for a short time. Perhaps it was used already."
    >
      <p>
        If the account exists,{' '}
        <Anchor component={Link} to="/sign-in" underline="always">
          sign in
        </Anchor>
        . If not, make a new link on the appliance with <code>casemate setup-link</code>, or ask
        whoever invited you for a new one.
      </p>
    </GatePage>
  );
}
