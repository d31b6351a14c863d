import { Button, Group, Textarea, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useParams } from 'react-router';
import { api } from '../../lib/api/client.ts';
import type { AccessReview } from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import { formatTime } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { Page } from '../../ui/page.tsx';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx';
import { StateBadge } from '../../ui/state-badge.tsx';
import rows from '../../ui/rows.module.css';
import classes from './access-review.module.css';
import { accessReviewQuery } from './access-review-query.ts';

/** Who has what in the tenant, to take along and to sign. */
export function AccessReviewPage() {
  const { tenantId = '' } = useParams();
  const review = useQuery(accessReviewQuery(tenantId));
  return (
    <Page
      title="Access review"
      lead="Who has what in this tenant: people, service accounts, API keys, and visitors of the platform."
      actions={review.data && <SaveButtons review={review.data} />}
    >
      {review.isPending && <RowsSkeleton label="The review is loading" />}
      {review.error && (
        <ProblemPanel
          title="The review could not be made"
          error={review.error}
          onRetry={() => void review.refetch()}
        />
      )}
      {review.data && (
        <>
          <ul className={rows.rows} aria-label="Who has what">
            {review.data.entries.map((entry, index) => (
              <li key={`${entry.kind} ${entry.email} ${String(index)}`} className={rows.row}>
                <span className={rows.title}>{entry.name}</span>
                <StateBadge tone={entry.state === 'active' ? 'good' : 'warn'}>
                  {entry.role || entry.kind}
                </StateBadge>
                <span className={`${rows.note} ${rows.full}`}>{wordsOf(entry)}</span>
                <span className={`${rows.note} ${rows.full}`}>
                  {entry.permissions.join(', ') || 'May do nothing'}
                </span>
              </li>
            ))}
          </ul>
          <Title order={2} className={classes.heading ?? ''}>
            Reviews
          </Title>
          {review.data.reviews.length === 0 && <p>Nobody has reviewed it yet.</p>}
          <ul className={classes.reviews}>
            {review.data.reviews.map(({ reviewer, reviewedAt, note, current }) => (
              <li key={reviewedAt}>
                {reviewer}, {formatTime(reviewedAt)}
                {current ? ', as it is now' : ', and it changed since'}
                {note && `: ${note}`}
              </li>
            ))}
          </ul>
          <SignForm tenantId={tenantId} digest={review.data.digest} />
        </>
      )}
    </Page>
  );
}

function SaveButtons({ review }: { review: AccessReview }) {
  const save = (name: string, type: string, text: string): void => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  };
  const { csv, ...rest } = review;
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        onClick={() => save('access-review.csv', 'text/csv;charset=utf-8', csv)}
      >
        CSV
      </Button>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        onClick={() =>
          save('access-review.json', 'application/json', JSON.stringify(rest, null, 2))
        }
      >
        JSON
      </Button>
    </Group>
  );
}

function SignForm({ tenantId, digest }: { tenantId: string; digest: string }) {
  const queryClient = useQueryClient();
  const [note, setNote] = useState('');
  const sign = useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/api/tenants/{tenantId}/access-review', {
          params: { path: { tenantId } },
          body: { digest, note: note.trim() },
        }),
      ),
    onSuccess: () => {
      setNote('');
      announce('Your review is kept');
      return queryClient.invalidateQueries({ queryKey: ['tenant', tenantId, 'access-review'] });
    },
  });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    sign.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Textarea
        label="Note"
        description="Stays with your name and the time, for good."
        autosize
        minRows={2}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {sign.error && <ProblemPanel title="Your review was not kept" error={sign.error} />}
      <Group justify="flex-end" mt="sm">
        <Button type="submit" loading={sign.isPending}>
          I found this right
        </Button>
      </Group>
    </form>
  );
}

function wordsOf(entry: AccessReview['entries'][number]): string {
  const { kind, email, level, customRoles, groups, secondFactor, source, lastSeen, expiresAt } =
    entry;
  return [
    kind,
    email,
    level === null ? '' : `access level ${level}`,
    customRoles.join(', '),
    groups.length > 0 ? `in ${groups.join(', ')}` : '',
    secondFactor === null ? '' : secondFactor ? 'second factor' : 'no second factor',
    source,
    lastSeen ? `last seen ${formatTime(lastSeen)}` : '',
    expiresAt ? `until ${formatTime(expiresAt)}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
