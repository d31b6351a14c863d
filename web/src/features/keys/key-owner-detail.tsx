import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { KeyOwnerDetail as Detail } from '../../lib/api/types.ts';
import { formatTime } from '../../lib/format.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { keyOwnerQuery } from './key-owner-query.ts';
import classes from './key-owner-row.module.css';
import { RotateKeysDialog } from './rotate-keys-dialog.tsx';
import { isUnderWay, rotationWords, type RotationKind } from './rotation-words.ts';

const keyWords = {
  next: 'comes next',
  current: 'current',
  old: 'opens old fields only',
  retired: 'retired and destroyed',
} as const;

/** Versions, ages, rows under each version, the last rotations, and the buttons to rotate. */
export function KeyOwnerDetail({ owner }: { owner: string }) {
  const detail = useQuery(keyOwnerQuery(owner));
  const [asking, setAsking] = useState<RotationKind | null>(null);
  if (detail.isPending) return <RowsSkeleton label="The keys are loading" count={2} />;
  if (detail.error)
    return (
      <ProblemPanel
        title="The keys could not be read"
        error={detail.error}
        onRetry={() => void detail.refetch()}
      />
    );
  const { data } = detail;
  if (!data.keys)
    return (
      <p>
        {data.holdsSeal
          ? 'Versions and rows show while the tenant is open. While it is sealed the key service itself has no key for them.'
          : 'Versions and rows show while the tenant is open. A rotation that is asked for now waits until then.'}
      </p>
    );
  const plain = data.columns?.some(({ rows }) => rows.some(({ version }) => version === null));
  return (
    <>
      <Versions detail={data} />
      <Group gap="xs" mb="xs">
        <Button
          size="xs"
          variant="default"
          disabled={isUnderWay(data.latestRotation)}
          onClick={() => setAsking('wrapping')}
        >
          Rotate the wrapping key
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={isUnderWay(data.latestRotation)}
          onClick={() => setAsking('data')}
        >
          Rotate the data key
        </Button>
        {plain && (
          <Button size="xs" color="red.8" onClick={() => setAsking('backfill')}>
            Encrypt plain rows
          </Button>
        )}
      </Group>
      <RotateKeysDialog owner={data} kind={asking} onClose={() => setAsking(null)} />
    </>
  );
}

function Versions({ detail }: { detail: Detail }) {
  const { wrapping, keys, columns, rotations } = detail;
  return (
    <dl className={classes.detail}>
      <dt>Wrapping key</dt>
      <dd>
        {wrapping
          ? `Version ${wrapping.latest}${wrapping.madeAt ? `, made ${formatTime(wrapping.madeAt)}` : ''}${wrapping.oldestOpening > 1 ? `; versions before ${wrapping.oldestOpening} open nothing` : ''}`
          : 'The key service has none'}
      </dd>
      <dt>Data keys</dt>
      <dd>
        {keys?.map(({ version, state, createdAt }) => (
          <div key={version}>
            Version {version}: {keyWords[state]}, made {formatTime(createdAt)}
          </div>
        ))}
      </dd>
      <dt>Fields by version</dt>
      <dd>
        {columns?.map(({ table, column, rows }) => (
          <div key={`${table}.${column}`}>
            {table}.{column}: <Counts rows={rows} />
          </div>
        ))}
      </dd>
      {rotations.length > 0 && <dt>Rotations</dt>}
      {rotations.length > 0 && (
        <dd>
          {rotations.map((rotation) => (
            <div key={rotation.id}>
              {formatTime(rotation.requestedAt)}, {rotationWords(rotation)}
              {rotation.error && <span className={classes.plain}>. {rotation.error}</span>}
            </div>
          ))}
        </dd>
      )}
    </dl>
  );
}

type Rows = NonNullable<Detail['columns']>[number]['rows'];

function Counts({ rows }: { rows: Rows }) {
  if (rows.length === 0) return <>nothing is stored yet</>;
  return rows.map(({ version, rows: count }, at) => (
    <span key={version} className={version === null ? classes.plain : undefined}>
      {at > 0 && ', '}
      {version === null ? `${count} in PLAIN TEXT` : `${count} under version ${version}`}
    </span>
  ));
}
