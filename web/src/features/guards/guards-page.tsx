import { Alert, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { AccessMatrix } from './access-matrix.tsx';
import { filterGuards } from './filter-guards.ts';
import { GuardRows } from './guard-rows.tsx';
import classes from './guards.module.css';
import { guardsQuery } from './guards-query.ts';

/** Every door of the appliance and what guards it, for platform administrators. */
export function GuardsPage() {
  const audit = useQuery(guardsQuery());
  const [kind, setKind] = useState<string>('routes');
  const [wish, setWish] = useState('');
  const routes = filterGuards(audit.data?.routes ?? [], wish);
  const functions = filterGuards(audit.data?.functions ?? [], wish);
  const faults = audit.data?.faults ?? 0;
  const lead =
    faults === 0
      ? 'Every route and every function with its owner’s rights is guarded.'
      : `${faults} ${faults === 1 ? 'door is' : 'doors are'} at fault.`;
  const faulty = [
    ...(audit.data?.routes ?? []).map(({ method, path, fault }) => ({
      name: `${method} ${path}`,
      fault,
    })),
    ...(audit.data?.functions ?? []),
  ].filter(({ fault }) => fault !== null);
  const shown = kind === 'functions' ? functions.length : routes.length;
  return (
    <Page title="Guards" lead={audit.data && lead}>
      {audit.isPending && <RowsSkeleton label="The guards are loading" count={8} />}
      {audit.error && (
        <ProblemPanel
          title="The guards could not be read"
          error={audit.error}
          onRetry={() => void audit.refetch()}
        />
      )}
      {audit.data && (
        <Stack gap="md">
          {faults > 0 && (
            <Alert color="red" icon={<IconAlertTriangle />} title="Not guarded as they must be">
              <ul className={classes.faults}>
                {faulty.map(({ name, fault }) => (
                  <li key={name}>
                    <code>{name}</code>: {fault}
                  </li>
                ))}
              </ul>
            </Alert>
          )}
          <SegmentedControl
            aria-label="What to show"
            value={kind}
            onChange={setKind}
            data={[
              { value: 'routes', label: `Routes (${audit.data.routes.length})` },
              { value: 'functions', label: `Functions (${audit.data.functions.length})` },
              { value: 'matrix', label: 'Matrix' },
            ]}
          />
          <TextInput
            label="Find"
            description="A path, a permission, a role, a table"
            leftSection={<IconSearch size={16} />}
            value={wish}
            onChange={(event) => setWish(event.currentTarget.value)}
          />
          <p className={classes.empty} role="status" hidden={shown > 0}>
            Nothing holds all of these words.
          </p>
          {shown > 0 && kind === 'routes' && (
            <GuardRows
              label="Routes"
              items={routes.map((route) => ({
                key: `${route.method} ${route.path}`,
                title: `${route.method} ${route.path}`,
                badge: route.permission ?? route.guard,
                fault: route.fault,
                notes: [
                  route.summary,
                  `Passes: ${route.passes.join(', ') || 'nobody'}. Budget: ${route.limit}. Records: ${route.audit?.join(', ') ?? 'nothing'}.`,
                  ...(route.stepUp
                    ? ['Needs a second factor that was shown just now (step-up).']
                    : []),
                  ...(route.beforeFactor ? ['Also before a second factor was shown.'] : []),
                ],
              }))}
            />
          )}
          {shown > 0 && kind === 'matrix' && (
            <AccessMatrix routes={routes} callers={audit.data.callers} />
          )}
          {shown > 0 && kind === 'functions' && (
            <GuardRows
              label="Functions"
              items={functions.map((one) => ({
                key: one.name,
                title: one.name,
                badge: 'guarded',
                fault: one.fault,
                notes: [
                  one.guard ?? 'Nobody reviewed what guards it',
                  `Owner: ${one.owner}. search_path: ${one.searchPath ?? 'not pinned'}. Executed by: ${one.executors.join(', ') || 'its owner alone'}.`,
                ],
              }))}
            />
          )}
        </Stack>
      )}
    </Page>
  );
}
