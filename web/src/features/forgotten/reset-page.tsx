import { Anchor, Button, Skeleton, Stack } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { toProblem } from '../../lib/api/api-problem.ts';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { formatTime } from '../../lib/format.ts';
import { useOneTimeToken } from '../../lib/one-time-token.ts';
import { announce } from '../../ui/announce.ts';
import { GatePage } from '../../ui/gate-page.tsx';
import { meetsRules, NewPasswordField } from '../../ui/new-password-field.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';

const TITLE = 'Set a new password';

/** Where the link for a new password leads. */
export function ResetPage() {
  const token = useOneTimeToken();
  const link = useQuery({
    queryKey: ['reset', token],
    queryFn: () => unwrap(api.POST('/api/password/read', { body: { token } })),
    retry: false,
    staleTime: Infinity,
  });
  if (link.isPending)
    return (
      <GatePage title={TITLE} lead="The link is being checked.">
        <Skeleton height={58} aria-busy="true" />
      </GatePage>
    );
  if (link.error && [400, 404].includes(toProblem(link.error).status))
    return (
      <GatePage title="This link does not work any more" lead="It works once and for a short time.">
        <Anchor component={Link} to="/forgotten" underline="always">
          Ask for a new one
        </Anchor>
      </GatePage>
    );
  if (link.error)
    return (
      <GatePage title={TITLE} lead="The link could not be checked." bare>
        <ProblemPanel
          title="Casemate did not answer as it should"
          error={link.error}
          onRetry={() => void link.refetch()}
        />
      </GatePage>
    );
  return (
    <GatePage
      title={TITLE}
      lead={`It signs you out on all devices. The link works until ${formatTime(link.data.expiresAt)}.`}
    >
      <ResetForm token={token} />
    </GatePage>
  );
}

function ResetForm({ token }: { token: string }) {
  const navigate = useNavigate();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const reset = useMutation({
    mutationFn: (body: { token: string; password: string }) =>
      unwrap(api.POST('/api/password/reset', { body })),
    onSuccess: () => {
      announce('Your new password is set. Sign in with it.');
      void navigate('/sign-in', { replace: true, state: { said: 'reset' } });
    },
  });
  const field = reset.error ? toProblem(reset.error).fields['password'] : undefined;
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setTried(true);
    if (meetsRules(password)) reset.mutate({ token, password });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <NewPasswordField
          label="New password"
          value={password}
          error={field}
          tried={tried}
          onChange={setPassword}
        />
        {reset.error && !field && (
          <ProblemPanel title="The password was not set" error={reset.error} />
        )}
        <Button type="submit" size="md" fullWidth loading={reset.isPending}>
          Set the password
        </Button>
      </Stack>
    </form>
  );
}
