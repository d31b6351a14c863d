import { Anchor, Button, Stack } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { useSessionState } from '../../lib/session/use-session.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { useAcceptAsMember } from './use-accept.ts';

/** For somebody who has an account already. */
export function JoinSignedIn({ token, email }: { token: string; email: string }) {
  const state = useSessionState();
  const accept = useAcceptAsMember();
  const navigate = useNavigate();
  if (state.status !== 'signed-in') {
    return (
      <p>
        You have an account here, <strong>{email}</strong>.{' '}
        <Anchor component={Link} to="/sign-in" underline="always">
          Sign in
        </Anchor>{' '}
        in this browser, then open the link once more.
      </p>
    );
  }
  if (state.session.account.email.toLowerCase() !== email.toLowerCase()) {
    return (
      <p>
        The invitation is for <strong>{email}</strong>, and you are signed in as{' '}
        <strong>{state.session.account.email}</strong>. Sign out, sign in with that account, and
        open the link once more.
      </p>
    );
  }
  const onSuccess = ({ tenantId }: { tenantId: string | null }): void =>
    void navigate(tenantId === null ? '/' : `/t/${tenantId}`, { replace: true });
  return (
    <Stack>
      {accept.error && (
        <ProblemPanel title="The invitation was not accepted" error={accept.error} />
      )}
      <Button
        size="md"
        fullWidth
        loading={accept.isPending}
        onClick={() => accept.mutate(token, { onSuccess })}
      >
        Accept the invitation
      </Button>
    </Stack>
  );
}
