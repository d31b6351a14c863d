import { Alert, Button, NativeSelect, Stack, Switch, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api/client.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import classes from './sso.module.css';

interface Rules {
  ssoOnly: boolean;
  breakGlass: string | null;
}
type RulesNow = Rules & { sound: boolean; emergency: boolean };

/** Whether a password opens the tenant at all, and whose still does. */
export function RulesSection({ tenantId }: { tenantId: string }) {
  const params = { path: { tenantId } };
  const rules = useQuery({
    queryKey: ['sign-in-rules', tenantId],
    queryFn: () => unwrap(api.GET('/api/tenants/{tenantId}/sign-in', { params })),
  });
  return (
    <section aria-label="Passwords">
      <Title order={2} className={classes.heading ?? ''}>
        Passwords
      </Title>
      {rules.isPending && <RowsSkeleton label="The rules are loading" count={1} />}
      {rules.error && <ProblemPanel title="The rules could not be read" error={rules.error} />}
      {rules.data && <RulesForm tenantId={tenantId} rules={rules.data} />}
    </section>
  );
}

function RulesForm({ tenantId, rules }: { tenantId: string; rules: RulesNow }) {
  const queryClient = useQueryClient();
  const params = { path: { tenantId } };
  const [wish, setWish] = useState<Rules>({
    ssoOnly: rules.ssoOnly,
    breakGlass: rules.breakGlass,
  });
  const team = useQuery({
    queryKey: ['team', tenantId],
    queryFn: () => unwrap(api.GET('/api/tenants/{tenantId}/team', { params })),
  });
  const save = useMutation({
    mutationFn: (body: Rules) =>
      unwrap(api.PUT('/api/tenants/{tenantId}/sign-in', { params, body })),
    onSuccess: () => {
      announce('The rules are saved');
      return queryClient.invalidateQueries({ queryKey: ['sign-in-rules', tenantId] });
    },
  });
  const admins = (team.data?.members ?? []).filter(({ role }) => role === 'admin');
  return (
    <Stack align="flex-start">
      {!rules.sound && (
        <Alert variant="default" icon={<IconAlertTriangle />} title="Changed in the database">
          This server did not write these rules as they are, so no password opens the tenant. Say
          them anew and save.
        </Alert>
      )}
      {rules.sound && rules.ssoOnly && !rules.emergency && (
        <Alert
          variant="default"
          icon={<IconAlertTriangle />}
          title="The emergency account can not come in"
        >
          It was shut out or lost its role. Name another one, or nobody comes in while the directory
          does not answer.
        </Alert>
      )}
      <Switch
        label="Let people in by single sign-on alone"
        description="No password opens this tenant any more, but the one of the emergency account. Its use is told to the other administrators."
        checked={wish.ssoOnly}
        onChange={(event) => setWish({ ...wish, ssoOnly: event.currentTarget.checked })}
      />
      {wish.ssoOnly && (
        <NativeSelect
          label="Emergency account"
          description="An administrator with a password, for the day on which the directory does not answer."
          value={wish.breakGlass ?? ''}
          data={[
            { value: '', label: 'Choose an administrator' },
            ...admins.map(({ accountId, name, email }) => ({
              value: accountId,
              label: `${name} · ${email}`,
            })),
          ]}
          onChange={(event) => setWish({ ...wish, breakGlass: event.currentTarget.value || null })}
        />
      )}
      {save.error && <ProblemPanel title="Nothing was changed" error={save.error} />}
      <Button loading={save.isPending} onClick={() => save.mutate(wish)}>
        Save
      </Button>
    </Stack>
  );
}
