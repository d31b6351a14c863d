import { Box, Button, Title } from '@mantine/core';
import { IconFileCertificate } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { formatTime } from '../../lib/format.ts';
import { announce } from '../../ui/announce.ts';
import { ProblemPanel } from '../../ui/problem-panel.tsx';
import rows from '../../ui/rows.module.css';
import { deletionWords } from './deletion-words.ts';
import { deletionsQuery } from './deletions-query.ts';
import { saveCertificate } from './save-certificate.ts';

/** The tenants that are gone, when the last copy of each dies, and its certificate. Nothing without any. */
export function DeletedTenants() {
  const { data, error, refetch } = useQuery(deletionsQuery);
  const save = useMutation({
    mutationFn: saveCertificate,
    onSuccess: () => announce('The certificate was saved'),
  });
  if (error)
    return (
      <Box mt="xl">
        <ProblemPanel
          title="The deleted tenants could not be listed"
          error={error}
          onRetry={() => void refetch()}
        />
      </Box>
    );
  if (!data || data.deletions.length === 0) return null;
  return (
    <section aria-labelledby="deleted-tenants">
      <Title order={2} size="h4" mt="xl" mb="sm" id="deleted-tenants">
        Deleted
      </Title>
      {save.error && <ProblemPanel title="The certificate could not be made" error={save.error} />}
      <ul className={rows.rows}>
        {data.deletions.map((one) => (
          <li key={one.tenantId} className={rows.row}>
            <span className={rows.title}>{one.name}</span>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconFileCertificate size={14} />}
              aria-label={`Certificate of the deletion of ${one.name}`}
              disabled={!one.removed}
              loading={save.isPending && save.variables === one.entry}
              onClick={() => save.mutate(one.entry)}
            >
              Certificate
            </Button>
            <span className={`${rows.note} ${rows.full}`}>
              Deleted {formatTime(one.deletedAt)} · {deletionWords(one)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
