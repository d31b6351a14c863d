import { Button, Group, Select, Text, Title } from '@mantine/core';
import { IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatTime } from '../../lib/format.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { ControlRow } from './control-row.tsx';
import { familyName, groupByFamily, type ControlStatus } from './control.ts';
import { saveEvidence } from './save-evidence.ts';
import classes from './trust-page.module.css';
import { trustQuery } from './trust-query.ts';
import { TrustSummary } from './trust-summary.tsx';
import { useVerify } from './use-verify.ts';

/** Every control of the register: how it is proven, what was found, when it last passed. */
export function TrustPage() {
  const trust = useQuery(trustQuery());
  const verify = useVerify();
  const save = useMutation({ mutationFn: saveEvidence });
  const [family, setFamily] = useState<string | null>(null);
  const [status, setStatus] = useState<ControlStatus | null>(null);
  const page = trust.data;
  const groups = page ? groupByFamily(page.controls, { family, status }) : [];
  const notMade = page?.failed ? new Error('The last verification could not be made.') : null;
  const failed = verify.error ?? save.error ?? notMade;
  const actions = (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        disabled={!page?.lastRun}
        loading={save.isPending}
        onClick={() => save.mutate()}
      >
        Signed evidence
      </Button>
      <Button
        leftSection={<IconShieldCheck size={16} />}
        loading={verify.isPending || page?.running === true}
        onClick={() => verify.mutate()}
      >
        Verify now
      </Button>
    </Group>
  );
  return (
    <Page
      title="Trust"
      lead="What this appliance promises, and what proves it here. What is not proven is missing; no certification is claimed."
      actions={actions}
    >
      {trust.isPending && <RowsSkeleton label="The controls are loading" count={8} />}
      {trust.error && (
        <ProblemPanel
          title="The controls could not be read"
          error={trust.error}
          onRetry={() => void trust.refetch()}
        />
      )}
      {failed && <ProblemPanel title="That did not work" error={failed} />}
      {page && (
        <>
          <TrustSummary page={page} chosen={status} onChoose={setStatus} />
          <div className={classes.filter}>
            <Select
              label="Family"
              placeholder="All families"
              clearable
              clearButtonProps={{ 'aria-label': 'Show all families' }}
              data={[...new Set(page.controls.map((control) => control.family))].map((value) => ({
                value,
                label: `${value}: ${familyName(value)}`,
              }))}
              value={family}
              onChange={setFamily}
            />
            <Text size="sm" c="dimmed">
              {page.lastRun
                ? `Version ${page.lastRun.version}, verified ${formatTime(page.lastRun.at)}`
                : 'Not verified yet'}
            </Text>
          </div>
          {groups.length === 0 && (
            <EmptyState
              icon={<IconShieldCheck size={26} />}
              title="No control is like that"
              text="Choose another family or another status."
            />
          )}
          {groups.map((group) => (
            <section key={group.family} className={classes.family}>
              <Title order={2} size="h4" mb="xs">
                {familyName(group.family)}
              </Title>
              <ul className={rows.rows}>
                {group.controls.map((control) => (
                  <ControlRow key={control.id} control={control} />
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </Page>
  );
}
