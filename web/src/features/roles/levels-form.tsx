import { Alert, Button, Group, NumberInput, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { FeatureLevels, LevelWish } from '../../lib/api/types.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import classes from './roles.module.css';
import { useChangeRoles } from './use-change-roles.ts';

/** The access level that each feature needs, all in one form. */
export function LevelsForm({ tenantId, levels }: { tenantId: string; levels: FeatureLevels }) {
  const change = useChangeRoles(tenantId);
  const [wish, setWish] = useState<LevelWish['minimum']>(() =>
    Object.fromEntries(levels.features.map(({ name, needed, usual }) => [name, needed ?? usual])),
  );
  const unknown = levels.features.some(({ needed }) => needed === null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    change.mutate(
      { verb: 'levels', minimum: wish },
      { onSuccess: () => announce('The access levels are set') },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {unknown && (
          <Alert color="red" icon={<IconAlertTriangle />} title="Every feature is refused">
            Somebody wrote these levels into the database past this server. Set them anew.
          </Alert>
        )}
        <div className={classes.levels}>
          {levels.features.map(({ name, title }) => (
            <NumberInput
              key={name}
              label={title}
              description={`From 0 for everybody to ${levels.highest}`}
              min={0}
              max={levels.highest}
              clampBehavior="strict"
              allowDecimal={false}
              allowNegative={false}
              required
              value={wish[name] ?? ''}
              onChange={(value) =>
                setWish({ ...wish, [name]: typeof value === 'number' ? value : undefined })
              }
            />
          ))}
        </div>
        {change.error && <ProblemPanel title="Nothing was changed" error={change.error} />}
        <Group justify="space-between">
          <span>
            People have {levels.usual} unless you give them another level on the page Team;
            administrators always have {levels.highest}.
          </span>
          <Button type="submit" loading={change.isPending}>
            Set the levels
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
