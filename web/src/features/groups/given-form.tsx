import { Button, Group as Row, Title } from '@mantine/core';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { GroupDetail } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { GivenFields } from './given-fields.tsx';
import classes from './groups.module.css';
import { useChangeGroups, type Given } from './use-change-groups.ts';

interface GivenFormProps {
  tenantId: string;
  group: GroupDetail;
}

/** What a group gives, to be changed in one step. */
export function GivenForm({ tenantId, group }: GivenFormProps) {
  const change = useChangeGroups(tenantId);
  const { role, level, customRoles } = group;
  const [given, setGiven] = useState<Given>({ role, level, customRoles });
  const same = JSON.stringify(given) === JSON.stringify({ role, level, customRoles });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    change.mutate(
      { verb: 'change', groupId: group.id, ...given },
      { onSuccess: () => announce('What the group gives is changed') },
    );
  };
  return (
    <form className={classes.given} onSubmit={submit} aria-label="What it gives its members">
      <Title order={2} size="h3">
        What it gives its members
      </Title>
      <GivenFields tenantId={tenantId} given={given} onChange={setGiven} />
      {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
      <Row>
        <Button type="submit" loading={change.isPending} disabled={same}>
          Change it
        </Button>
        <span className={classes.soon}>It takes effect within two seconds.</span>
      </Row>
    </form>
  );
}
