import { Anchor, Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { useOneTimeToken } from '../../lib/one-time-token.ts';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { useSessionState } from '../../lib/session/use-session.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';

/** Where the link goes that a new address got. */
export function ConfirmEmailPage() {
  const token = useOneTimeToken();
  const state = useSessionState();
  const confirm = useMutation({
    mutationFn: () => unwrap(api.POST('/api/me/email/confirm', { body: { token } })),
    onSuccess: () => reloadMemberships().catch(() => undefined),
  });
  if (confirm.data)
    return (
      <GatePage
        title="Your address is confirmed"
        lead={`You sign in as ${confirm.data.email} now.`}
      >
        <Anchor component={Link} to="/settings/security" underline="always">
          Back to your account
        </Anchor>
      </GatePage>
    );
  if (state.status !== 'signed-in')
    return (
      <GatePage
        title="Confirm your new address"
        lead="Sign in with your present address first, in this browser; then open the link once more."
      >
        <Anchor component={Link} to="/sign-in" underline="always">
          Sign in
        </Anchor>
      </GatePage>
    );
  return (
    <GatePage
      title="Confirm your new address"
      lead="From then on you sign in with it, and the address of before is told."
    >
      <Stack>
        {confirm.error && (
          <ProblemPanel title="The address was not confirmed" error={confirm.error} />
        )}
        <Button size="md" fullWidth loading={confirm.isPending} onClick={() => confirm.mutate()}>
          Confirm this address
        </Button>
      </Stack>
    </GatePage>
  );
}
